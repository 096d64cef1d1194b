"""A feature that takes part in private messages: it offers a kind of its own, takes it, and asks for more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from bot.app.features import FEATURES
from bot.core.actions import Action
from bot.core.errors import Refused
from bot.core.feature import Feature, Press, Reply
from bot.core.message import Button, Message, buttons, message, paragraph
from bot.core.people import MEMBERS, Cohort
from bot.core.private import Asked, Meaning, Receipt, Said, skip
from bot.core.turn import Turn
from bot.runtime.registry import Registry
from tests import toys
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN, wrap_up
from tests.kit import World, new_world


class ShelfStore(Protocol):
    """Wishes for the course's bookshelf, as lines."""

    def add(self, line: str) -> None: ...

    def last(self) -> str: ...


@dataclass
class Shelf:
    lines: list[str]

    def add(self, line: str) -> None:
        self.lines.append(line)

    def last(self) -> str:
        return self.lines[-1]


def bookshelf() -> Feature[ShelfStore]:
    """A wish for a book; who wrote it, and in which year, is asked after that."""
    feature: Feature[ShelfStore] = Feature("shelf")

    def asked(cohort: int, subject: str) -> Asked:
        ways = (Button("See the shelf", Action("shelf", "see", cohort).encode()),)
        return Asked(subject, f"Which {subject}?", f"The book is on the list, without its {subject}.", ways)

    @feature.meanings("book")
    def may_wish(turn: Turn[ShelfStore], said: Said, cohort: Cohort) -> Sequence[Meaning]:
        text = ("everybody in the cohort sees the shelf",)
        return [Meaning(cohort.id, "A wish for the shelf", text, "cohort")] if "book" in said.text else ()

    @feature.takes("book")
    def take(turn: Turn[ShelfStore], said: Said | None, subject: str) -> Receipt:
        if said is not None and subject == "year" and not said.text.isdigit():
            raise Refused("A year is a number.")
        if said is not None:
            turn.store.add(f"{subject or 'title'}: {said.text}")
        following = {"": "author", "author": "year"}.get(subject)
        words = paragraph("On the shelf; the cohort sees it." if said is not None else "Skipped.")
        if following is None:
            return Receipt(message(words))
        shown = message(words, paragraph(f"Which {following}?"), buttons(skip("book", turn.here.id, following)))
        return Receipt(shown, asked(turn.here.id, following))

    @feature.action("see", roles=MEMBERS, lane="private")
    def see(turn: Turn[ShelfStore], press: Press) -> Reply:
        return listed(turn.store.last())

    return feature


def listed(line: str) -> Message:
    return message(paragraph(f"The last line is: {line}"))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf([])


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> Iterator[World]:
    """The whole bot with one mount line more."""
    toys.mount(monkeypatch, bookshelf(), store=lambda session, now: shelf)
    made = new_world(tmp_path)
    yield made
    made.app.storage.close()


async def test_a_new_kind_is_offered_by_what_was_said_and_taken(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    await library.until(FRIDAY_BERLIN)
    assert "A wish for the shelf" not in (await said(mia, "I finished the page")).buttons
    card = await said(mia, "I read the book about sampling")
    assert card.buttons == [
        "My wrap-up, for the cohort",
        "A note for the course team",
        "A wish for the shelf",
        "Ask it in the question channel",
        "A private question to the course team",
        "Another wrap-up question",
        "Never mind",
    ]
    await mia.press(card, "A wish for the shelf")
    assert "On the shelf; the cohort sees it." in mia.last().text
    await said(mia, "William Cochran")
    await said(mia, "1977")
    assert shelf.lines == ["title: I read the book about sampling", "author: William Cochran", "year: 1977"]
    assert "What is it?" in (await said(mia, "something else")).text


async def test_of_what_sounds_private_a_new_kind_for_the_cohort_comes_after_the_course_team(library: World) -> None:
    mia = await library.learner("mia", "Mia")
    await library.until(FRIDAY_BERLIN)
    card = await said(mia, "please tell nobody which book I read")
    assert card.buttons[:5] == [
        "A note for the course team",
        "A private question to the course team",
        "My wrap-up, for the instructors alone",
        "A wish for the shelf",
        "Ask it in the question channel",
    ]
    assert (await said(mia, "Which book is it?")).buttons[0] == "Ask it in the question channel"


async def test_its_question_is_skipped_by_word_and_by_button(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    for press in (True, False):
        await mia.press(await said(mia, "a book"), "A wish for the shelf")
        if press:
            await mia.press(mia.last(), "Skip")
        else:
            await said(mia, "skip")
        assert "Skipped." in mia.last().text
        assert "Which year?" in mia.last().text
        await said(mia, "1977")
    assert shelf.lines == ["title: a book", "year: 1977"] * 2


async def test_a_greeting_in_between_repeats_its_question_with_its_buttons(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    await library.until(FRIDAY_BERLIN)
    await mia.press(await said(mia, "a book"), "A wish for the shelf")
    greeted = await said(mia, "hello")
    assert "I was asking: Which author?" in greeted.text
    assert greeted.buttons == ["See the shelf", "My page"]
    await said(mia, "Cochran")
    assert shelf.lines == ["title: a book", "author: Cochran"]


async def test_stop_answers_in_the_words_of_who_asked(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    await library.until(FRIDAY_BERLIN)
    await mia.press(await said(mia, "a book"), "A wish for the shelf")
    stopped = await said(mia, "stop")
    assert "I ask no more. The book is on the list, without its author." in stopped.text
    assert stopped.buttons == ["See the shelf", "My page"]
    assert "The last line is: title: a book" in (await mia.press(stopped, "See the shelf")).text
    # The wrap-up keeps its own words.
    await wrap_up(mia, "I finished the page")
    stopped = await said(mia, "stop")
    assert "“What is next?” stays empty" in stopped.text
    assert stopped.buttons == ["Open the form", "My page"]
    await mia.press(stopped, "Open the form")
    assert mia.form is not None
    assert mia.form.title == "Week 1 wrap-up"
    assert shelf.lines == ["title: a book"]


async def test_what_it_refuses_is_asked_about_with_the_reason(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    await mia.press(await said(mia, "a book"), "A wish for the shelf")
    await said(mia, "skip")
    card = await said(mia, "long ago")
    assert card.text.startswith("A year is a number.")
    assert "> long ago" in card.text
    assert shelf.lines == ["title: a book"]


async def test_a_question_goes_with_the_message_that_it_followed(library: World, shelf: Shelf) -> None:
    mia = await library.learner("mia", "Mia")
    message = (await mia.say("dm", "a book")).message
    assert message is not None
    await mia.press(mia.last(), "A wish for the shelf")
    await mia.delete(message)
    assert "What is it?" in (await said(mia, "William Cochran")).text
    assert shelf.lines == ["title: a book"]


# What is refused at start-up


def offering(name: str, offers: str = "", takes: str = "") -> Feature[None]:
    feature: Feature[None] = Feature(name)
    if offers:
        feature.meanings(offers)(lambda turn, said, cohort: ())
    if takes:
        feature.takes(takes)(lambda turn, said, subject: Receipt(listed("")))
    return feature


def test_what_nobody_takes_is_not_offered() -> None:
    with pytest.raises(ValueError, match="'shelf' offers the kind 'book' of private messages; no feature takes it"):
        Registry([offering("shelf", offers="book")])
    assert Registry([offering("shelf", offers="book"), offering("library", takes="book")]).taker("book") is not None


def test_one_kind_is_taken_once() -> None:
    with pytest.raises(ValueError, match="Two features take private messages of the kind 'book'"):
        Registry([offering("shelf", takes="book"), offering("library", takes="book")])


@pytest.mark.parametrize("kind", ["drop", "skip", "which", "back"])
def test_a_kind_has_not_the_name_of_a_button_that_is_there(kind: str) -> None:
    with pytest.raises(ValueError, match=f"The kind '{kind}' has the name of an action of 'talk'"):
        Registry([*FEATURES, offering("shelf", takes=kind)])


@pytest.mark.parametrize("kind", ["", "two words", "a.b", "Book", "b" * 17])
def test_a_kind_is_a_short_word(kind: str) -> None:
    feature: Feature[None] = Feature("shelf")
    feature.takes(kind)(lambda turn, said, subject: Receipt(listed("")))
    with pytest.raises(ValueError, match="lower-case word"):
        Registry([feature])
