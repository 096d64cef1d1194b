"""The sentence model, where it is installed: what it makes, and the process that it lives in."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from storage.search.encoder import InProcess, NoVectors, SentenceEncoder
from storage.search.model import Model, is_installed
from storage.search.vectors import SIZE, unpack

pytestmark = pytest.mark.skipif(not is_installed(), reason="the sentence model is not installed")


@pytest.fixture
async def encoder() -> AsyncIterator[SentenceEncoder]:
    made = SentenceEncoder(patience=30)
    yield made
    made.close()


def test_texts_that_mean_the_same_are_near_each_other() -> None:
    texts = ["How do I install Docker?", "Steps for setting up docker on my machine", "When is the exam?", ""]
    vectors = unpack(Model().encode(texts))
    assert vectors.shape == (4, SIZE)
    assert vectors[0] @ vectors[1] > 0.6
    assert vectors[0] @ vectors[2] < 0.3
    assert all(abs(float(v @ v) - 1) < 0.02 for v in vectors)


def test_the_order_of_texts_is_kept_whatever_their_length() -> None:
    texts = ["a long answer " * 400, "short", "a question of some length", "x", "another one that is longer"]
    alone = [Model().encode([text])[0] for text in texts]
    together = Model().encode(texts)
    assert all(float(unpack([a])[0] @ unpack([b])[0]) > 0.99 for a, b in zip(alone, together, strict=True))


async def test_what_was_prepared_is_known_and_nothing_else_is_made(encoder: SentenceEncoder) -> None:
    assert not encoder.is_loaded
    assert encoder.known("How do I install Docker?") is None
    await encoder.prepare("How do I install Docker? https://docker.com")
    assert encoder.is_loaded
    # Addresses and names say nothing about what is meant.
    assert encoder.known("@leo How do I install   Docker?") == Model().encode(["How do I install Docker?"])[0]
    assert encoder.known("When is the exam?") is None


async def test_nobody_waits_for_a_cold_model() -> None:
    encoder = SentenceEncoder(patience=0)
    await encoder.prepare("How do I install Docker?")
    assert encoder.known("How do I install Docker?") is None
    await encoder.encode(["what comes next is made after it"])
    assert encoder.known("How do I install Docker?") is not None
    encoder.close()


async def test_an_idle_model_is_let_go_and_comes_back(encoder: SentenceEncoder) -> None:
    await encoder.encode(["one"])
    encoder._end()
    assert not encoder.is_loaded
    assert len(await encoder.encode(["two", "three"])) == 2


async def test_a_model_that_dies_is_not_started_again_at_once(encoder: SentenceEncoder) -> None:
    await encoder.encode(["one"])
    assert encoder._process is not None
    os.kill(encoder._process.pid, signal.SIGKILL)
    with pytest.raises(NoVectors):
        await encoder.encode(["two"])
    with pytest.raises(NoVectors):
        await encoder.encode(["three"])
    await encoder.prepare("four")
    assert encoder.known("four") is None


def test_a_program_that_asks_once_has_it_in_itself() -> None:
    encoder = InProcess()
    asyncio.run(encoder.prepare("How long is it?"))
    assert encoder.known("How long is it?") == Model().encode(["How long is it?"])[0]
