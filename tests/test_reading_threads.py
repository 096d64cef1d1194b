"""Reading threads: what opens one, which reply answered, whether it was solved. Pure rules, no data but a few words."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.questions.detecting import Spoken, opens_thread
from bot.features.questions.resolving import Said, judge

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("PACEKEEPER_SHARED") or ROOT.parent / "shared") / "data/faq"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, I am stuck: the notebook does not start on my laptop",
        "Is there a way to run the tests without docker?",
        "Hello everyone, can anyone help me with the second step? I get an error when I load the file.",
        "Hey, I'm new to this and I'm trying to install the package, but pip says it is not able to find it",
    ],
)
def test_a_call_for_help_opens_a_thread(text: str) -> None:
    assert opens_thread(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "ok",
        "you can try the other one",
        "yes, that is what I meant",
        "thanks, that worked",
        "mia: which one?",
    ],
)
def test_talk_opens_none(text: str) -> None:
    assert not opens_thread(text)
    assert not opens_thread(text, "mia", NOON, [])


def test_within_a_talk_a_question_only_goes_on() -> None:
    text = "is there a reason why it takes so long?"
    talk = [Spoken(who, NOON - timedelta(seconds=s)) for who, s in (("mia", 90), ("ben", 60), ("mia", 20))]
    assert opens_thread(text, "zoe", NOON, [])
    assert not opens_thread(text, "ben", NOON, talk)
    # A clock that went backwards is no silence.
    assert not opens_thread(text, "ben", NOON - timedelta(hours=1), talk)


def test_what_is_no_speech_asks_nothing() -> None:
    assert not opens_thread("look at https://example.org/?q=how+do+I")
    assert not opens_thread("it prints ```why? how? is there anybody? help``` for me")


def test_the_reply_before_the_thanks_is_the_answer() -> None:
    question = Said("mia", "How do I install the package?")
    replies = [
        Said("ben", "Which version of Python do you have?"),
        Said("mia", "3.11, on a Mac."),
        Said("ines", "Then create an environment first: `python -m venv .venv`, and use the pip in it."),
        Said("mia", "Thank you, that worked!"),
        Said("ines", "Glad to hear it."),
    ]
    verdict = judge(question, replies[:4])
    assert verdict.ranked[0] == 2
    assert verdict.sure
    assert judge(question, replies).ranked[0] == 2


def test_the_asker_who_found_it_has_the_answer() -> None:
    verdict = judge(
        Said(1, "The build fails with code 137."),
        [
            Said(2, "Which image do you use?"),
            Said(
                1, "I figured it out: the machine had too little memory. I changed the limit to 4 GB and it works now."
            ),
        ],
    )
    assert verdict.ranked[0] == 1
    assert verdict.solved


@pytest.mark.parametrize(
    "last",
    [
        "It still does not work, I get the same error",
        "Thanks. But where do I find it?",
        "Which one do you mean?",
        "Thank you, I'll try that tonight.",
    ],
)
def test_who_still_asks_is_not_done(last: str) -> None:
    verdict = judge(Said(1, "How do I start it?"), [Said(2, "Press the green button."), Said(1, last)])
    assert not verdict.sure


def test_nobody_answered() -> None:
    assert judge(Said(1, "How?"), []) == judge(Said(1, ""), [])
    assert not judge(Said(1, "How?"), []).solved
    assert not judge(Said(1, "How?"), [Said(1, "Anybody?")]).sure


@given(st.text(), st.lists(st.tuples(st.integers(0, 3), st.text()), max_size=8))
def test_any_thread_is_read(asked: str, said: list[tuple[int, str]]) -> None:
    verdict = judge(Said(0, asked), [Said(by, text) for by, text in said])
    assert sorted(verdict.ranked) == list(range(len(said)))
    opens_thread(asked, 0, NOON, [Spoken(by, NOON) for by, _ in said])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the measured data is not here (../shared/data/faq)")
@pytest.mark.parametrize(
    ("task", "file", "gold", "line", "least"),
    [
        ("accepted", "answers/accepted.jsonl", (), "answer accuracy", 0.60),
        ("questions", "questions/livechat_dialogs.jsonl", ("--gold", "starter"), "F1", 0.70),
    ],
)
def test_the_measures_hold(
    task: str, file: str, gold: tuple[str, ...], line: str, least: float, tmp_path: Path
) -> None:
    # Whatever tells the answer is taken out of what the program reads.
    bare = tmp_path / "bare.jsonl"
    with (SHARED / file).open() as rows, bare.open("w") as out:
        for row in map(json.loads, rows):
            kept = {
                k: v for k, v in row.items() if k not in ("starter", "accepted", "resolved", "dialog", "n", "speakers")
            }
            out.write(json.dumps(kept) + "\n")
    run = [sys.executable, str(ROOT / "benchmarks/faq.py"), task, str(bare)]
    predicted = tmp_path / "predicted.jsonl"
    predicted.write_bytes(subprocess.run(run, capture_output=True, check=True).stdout)
    score = [sys.executable, str(SHARED / "score.py"), task, str(SHARED / file), str(predicted), *gold]
    told = subprocess.run(score, capture_output=True, check=True, text=True).stdout
    found = next(text for text in told.splitlines() if text.startswith(line + " "))
    assert float(found.split()[-1]) >= least


def test_a_benchmark_reads_what_has_neither_author_nor_time_nor_replies(tmp_path: Path) -> None:
    from benchmarks.faq import accepted, questions

    threads, items = tmp_path / "threads.jsonl", tmp_path / "items.jsonl"
    said = [{"id": 1, "text": "How do I install it?"}, {"id": 2, "text": "With pip, as the guide says."}]
    threads.write_text("\n".join(json.dumps({"thread": n, "messages": said[:n]}) for n in range(3)))
    assert [row["ranked"] for row in accepted(threads)] == [[], [], [2]]
    odd = [{"id": 1, "text": "How do I install it?"}, {"id": 2, "text": "Hm", "time": 5, "channel": 3, "author": None}]
    items.write_text("\n".join(map(json.dumps, odd)))
    assert [row["question"] for row in questions(items)] == [1, 0]
