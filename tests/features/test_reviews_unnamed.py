"""Anonymous peer review: neither side learns of the other, wherever they look. The first Monday is 5 January 2026."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
import pytest_asyncio

from adapters.sandbox.driver import Chat, Result, Seen, Speaker
from bot.app.compose import compose
from bot.core.errors import Unavailable
from bot.core.forms import Form, Upload
from bot.core.message import Attachment
from bot.core.ports import Delivery, Sent
from bot.core.translation import all_of
from bot.features.reviews.files.kinds import KINDS
from storage.tables.reviews import ReviewCopyRow
from storage.tables.schedule import DueRow
from tests.canaries import names, read_word
from tests.features.test_after_the_end import end
from tests.features.test_erasure import copy, everything, forget
from tests.features.test_pods import formed
from tests.features.test_reviews import FRIDAY, MONDAY, REVIEWED, TUESDAY, read, review, write
from tests.kit import World, new_world

UNNAMED = REVIEWED.replace("reviews: 2\n", "reviews: 2\n    anonymous: yes\n    points: 10\n")
CONTACT = "There is an e-mail address, an account or a phone number in it."
AUTHOR, REVIEWER = "Aurelia Canary", "Roderick Finch"


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=UNNAMED, address="http://pages.example")
    yield made
    made.app.storage.close()


async def two(world: World) -> tuple[Speaker, Speaker]:
    return await world.learner("author", AUTHOR), await world.learner("reviewer", REVIEWER)


async def hand_in(learner: Speaker, text: str = "", link: str = "", file: Upload | None = None) -> None:
    await learner.command("submit")
    assert not (await learner.submit(text=text, link=link, files={"file": file} if file else {})).errors


def words(shown: Seen | Result | Form | None) -> str:
    """Everything that somebody sees of an answer or a form."""
    if isinstance(shown, Form):
        parts = [shown.title, shown.intro, *(f"{f.label} {f.hint} {f.value}" for f in shown.fields)]
        return "\n".join(parts)
    if isinstance(shown, Result):
        return f"{shown.text}\n{words(shown.reply)}\n{words(shown.form)}"
    return f"{shown.text} {shown.buttons} {dict(shown.files)}" if shown is not None else ""


class Looking:
    """Somebody who keeps all that they see."""

    def __init__(self, speaker: Speaker, name: str) -> None:
        self.speaker, self.name = speaker, name
        self.seen: list[str] = []

    async def press(self, where: Seen | Result, label: str) -> Result:
        result = await self.speaker.press(where, label)
        self.seen += [words(result), words(self.speaker.form)]
        return result

    async def command(self, *typed: str) -> Result:
        result = await self.speaker.command(*typed)
        self.seen.append(words(result))
        return result

    async def submit(self, **values: str) -> Result:
        result = await self.speaker.submit(values=values)
        self.seen += [words(result), words(self.speaker.form)]
        return result

    def everything(self, world: World) -> str:
        """With their messages, the channels, and their copy of the data."""
        places = [seen.text for place in ("general", "questions") for seen in self.speaker.sees(place)]
        document, files = copy(world, self.name)
        return "\n".join([*self.seen, *self.speaker.inbox(), *places, json.dumps(document, ensure_ascii=False), *files])


async def test_neither_name_is_in_anything_that_the_other_sees(world: World) -> None:
    aurelia, roderick = await two(world)
    third = await world.learner("third", "Third Person")
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await hand_in(third, "A page about milk")
    author, reviewer = Looking(aurelia, AUTHOR), Looking(roderick, REVIEWER)
    await world.until(MONDAY)
    piece = await reviewer.press(await reviewer.command(""), "Review")
    assert "A page about tea" in piece.text
    assert "You see no name" in piece.text
    await reviewer.press(piece, "Write the review")
    await reviewer.submit(point_4f5742ef="The cup", point_4fc858b7="The leaves", points="11")
    receipt = await reviewer.submit(point_4f5742ef="The cup", point_4fc858b7="The leaves", points="7")
    assert "your review is in" in receipt.text
    await reviewer.press(receipt, "Edit")
    await reviewer.submit(point_4f5742ef="The cup", point_4fc858b7="The leaves", points="8")
    await write(third, await review(third), points="9")
    await world.until(FRIDAY)
    came = aurelia.find("of your work")
    assert "Review 1" in came.text
    assert "The cup" in came.text
    assert "Points: 8" in came.text
    await author.press(came, "Read them")
    page = aurelia.last()
    number = page.text[: page.text.index("The cup")].rpartition("Review ")[2][0]
    await author.press(page, f"Was review {number} useful?")
    await author.submit(useful="hurtful", reply="Which cup?")
    await author.command("")
    await world.until("2026-01-17T09:30:00Z")
    answer = roderick.find("The author answers your review")
    assert "Which cup?" in answer.text
    await reviewer.press(answer, "My reviews")
    await reviewer.command("")
    ines = world.chat.person("ines")
    desk = await ines.command("desk")
    assert f"{REVIEWER} on {AUTHOR}" in desk.text, "the course team sees both"
    for side, other in ((author, REVIEWER), (reviewer, AUTHOR)):
        seen = side.everything(world)
        for name in (other, *other.split()):
            assert name not in seen, name
    their_copy = json.dumps(copy(world, REVIEWER)[0])
    assert "The cup" in their_copy
    assert "hurtful" not in their_copy, "said in confidence"
    mine = json.dumps(copy(world, AUTHOR)[0])
    assert "The cup" in mine
    assert "Which cup?" in mine


async def test_the_copy_of_an_author_says_nothing_of_when_a_review_was_written(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await hand_in(await world.learner("third", "Third Person"), "A page about milk")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), points="3")
    assert "The second paragraph" not in json.dumps(copy(world, AUTHOR)[0]), "not before they were told"
    await world.until(FRIDAY)
    (rows,) = [t["rows"] for t in copy(world, AUTHOR)[0]["tables"] if t["table"] == "reviews"] or [[]]
    assert len(rows) == 1
    assert not {"taken_at", "sent_at", "changed_at", "held_until", "late", "reviewer"} & rows[0].keys()


async def test_two_copies_cannot_be_put_together(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until("2026-01-12T13:37:00Z")
    held = await review(roderick)

    def of(name: str) -> list[Mapping[str, Any]]:
        tables = copy(world, name)[0]["tables"]
        return [row for t in tables if t["table"] in ("reviews", "review_pieces") for row in t["rows"]]

    (piece,) = of(AUTHOR)
    assert not {"reviews", "gave", "until"} & piece.keys(), "they tell when somebody took it"
    await write(roderick, held, points="3")
    await world.until(FRIDAY)
    (gave,) = [row for row in of(REVIEWER) if "answers" in row]
    (got,) = [row for row in of(AUTHOR) if "answers" in row]
    same = {name for name in gave.keys() & got.keys() if gave[name] == got[name]}
    assert not same & {"id", "work", "version", "file", "pod"}


async def test_when_a_review_can_be_changed_no_more_says_nothing_of_its_author(world: World) -> None:
    zones = {"leo": "Pacific/Honolulu", "aiko": "Asia/Tokyo"}
    authors = [await world.learner(id, f"{id} Canary", zone) for id, zone in zones.items()]
    roderick, wilma = await world.learner("reviewer", REVIEWER), await world.learner("wilma", "Wilma Wren")
    await world.until("2026-01-06T12:00:00Z")
    for author in authors:
        await hand_in(author, "A page")
    await world.until(MONDAY)
    receipts = []
    for _ in authors:
        await write(wilma, await review(wilma), points="8")
        receipts.append(await write(roderick, await review(roderick), points="7"))
    assert "You can change it until Tue 13 Jan, 00:00, and after that the author gets it." in receipts[-1].text
    closed: dict[int, list[str]] = {}
    for hour in range(36):
        for receipt in receipts:
            if "on its way" in (await roderick.press(receipt, "Edit")).text:
                closed.setdefault(hour, []).append(receipt.text)
        if hour == 12:
            for author in authors:
                await author.command("")
        await world.wait(hours=1)
    assert min(closed) == 15, "midnight in Berlin, the cohort's"
    assert len(closed[15]) == 2
    assert all(author.find("2 reviews of your work") for author in authors)


async def test_a_link_is_asked_about_before_anybody_gets_it(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, link="https://docs.example/aurelia")
    await hand_in(roderick, "A page about coffee")
    asked = aurelia.find("may show your name")
    await world.until(MONDAY)
    assert "nothing to review for you now" in (await review(roderick)).text
    assert "may show your name" in (await aurelia.command("")).text
    await aurelia.press(asked, "Hand it out as it is")
    assert "handed out to reviewers as it is" in aurelia.find("is handed out").text
    assert "https://docs.example/aurelia" in (await review(roderick)).text


async def test_a_link_that_is_not_handed_out_is_the_course_teams_alone(world: World) -> None:
    aurelia, roderick = await two(world)
    ines = world.chat.person("ines")
    await hand_in(aurelia, link="https://docs.example/aurelia")
    await hand_in(roderick, "A page about coffee")
    await aurelia.press(aurelia.find("may show your name"), "Not like this")
    await world.until(FRIDAY)
    assert "docs.example" not in words(await roderick.command(""))
    assert "https://docs.example/aurelia" in (await ines.command("desk")).text
    await aurelia.press(aurelia.find("Thank you, Aurelia Canary"), "Edit")
    await aurelia.submit(text="A page about tea", link="")
    assert "A page about tea" in (await review(roderick)).text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (f"Yours, {REVIEWER}", "Your name stands in it."),
        ("Ask @reviewer", f"{CONTACT} Your name stands in it."),
        ("As in https://docs.example/mine", "There is a link in it: it may show your name."),
        (
            f"As in docs.google.com/document/d/1 by {REVIEWER}",
            "There is a link in it: it may show your name. Your name stands in it.",
        ),
        ("Write to rf77@example.org", CONTACT),
    ],
)
async def test_whoever_shows_themselves_in_a_review_is_asked_before_it_is_sent(
    world: World, said: str, why: str
) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await world.until(MONDAY)
    await roderick.press(await review(roderick), "Write the review")
    typed = {"point_4f5742ef": "The cup", "point_4fc858b7": said, "points": "8"}
    asked = await roderick.submit(values=typed)
    assert asked.errors["point_4fc858b7"] == why
    assert "send it again as it is" in asked.errors[""]
    assert asked.form is not None
    assert {f.name: f.value for f in asked.form.fields} == typed, "nothing is lost"
    other = {**typed, "point_4f5742ef": f"{REVIEWER} again"}
    assert (await roderick.submit(values=other)).errors["point_4f5742ef"] == "Your name stands in it."
    sent = await roderick.submit(values=other)
    assert not sent.errors
    assert "your review is in" in sent.text


async def test_an_author_who_shows_themselves_in_an_answer_is_asked(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), points="8")
    await world.until(TUESDAY)
    await aurelia.press(await read(aurelia), "Was review 1 useful?")
    asked = await aurelia.submit(values={"useful": "very", "reply": f"Thanks, {AUTHOR.split()[0]}"})
    assert asked.errors["reply"] == "Your name stands in it."
    assert not (await aurelia.submit(values={"useful": "very", "reply": "Thanks"})).errors


async def test_a_review_that_was_anonymous_stays_so_when_the_course_names_people(world: World) -> None:
    aurelia, roderick = await two(world)
    omar = world.chat.person("omar")
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), points="3")
    await omar.press(await omar.command("course", place="general"), "Upload")
    proposal = await omar.submit(file=UNNAMED.replace("    anonymous: yes\n", ""))
    await omar.press(proposal, next(b for b in proposal.buttons if b.startswith("Use it")))
    await world.until(TUESDAY)
    page = await read(aurelia)
    assert "Review 1" in page.text
    assert "Roderick" not in page.text
    assert f"The work of {REVIEWER}:" in (await review(aurelia)).text, "what is taken from now on has names"


async def test_whoever_is_erased_takes_their_words_with_them(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), best="The cup that nobody knows", points="3")
    await world.until(TUESDAY)
    page = await read(aurelia)
    await aurelia.press(page, "Was review 1 useful?")
    await aurelia.submit(values={"useful": "very", "reply": "A reply that stays nowhere"})
    await world.until("2026-01-14T09:30:00Z")
    await forget(world, AUTHOR)
    assert "A reply that stays nowhere" not in everything(world)
    assert not any("A reply that stays nowhere" in text for text in roderick.inbox())
    await forget(world, REVIEWER)
    assert "The cup that nobody knows" not in everything(world)


async def test_erasing_a_reviewer_changes_the_message_of_the_author(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), best="The cup that nobody knows", points="3")
    await world.until(TUESDAY)
    assert any("The cup that nobody knows" in text for text in aurelia.inbox())
    await forget(world, REVIEWER)
    assert not any("The cup that nobody knows" in text for text in aurelia.inbox())
    assert "was taken back" in aurelia.find("What stood here").text


def attached(world: World, shown: Result) -> list[tuple[str, bytes]]:
    """The names and contents of the files of a private answer."""
    assert shown.reply is not None
    platform = world.chat.sandbox.platform
    found = platform.post(shown.reply.id).message
    assert found is not None
    return [(b.name, platform.attachment(b.file)) for b in found.blocks if isinstance(b, Attachment)]


async def test_a_file_that_nobody_can_clean_goes_by_consent(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=Upload("Aurelia Canary.sketch", b"drawn by Aurelia"))
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text
    asked = await aurelia.press(await aurelia.command(""), "Hand it out")
    endings = all_of([ending for ending in KINDS if ending != "jpg"])
    assert f"Names can be taken out of {endings} files alone." in asked.text
    await aurelia.press(asked, "Hand it out as it is")
    piece = await roderick.press(await roderick.command(""), "Review")
    assert attached(world, piece) == [("work.sketch", b"drawn by Aurelia")]


def by_aurelia(text: str = "") -> Upload:
    """A document of Word with her name where Word writes it, and in its text if that says so."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.last_modified_by = AUTHOR
    spoken = made.add_paragraph(text or "A page about tea.")
    made.add_comment(spoken.runs, text="Too long?", author=AUTHOR, initials="AC")
    out = io.BytesIO()
    made.save(out)
    return Upload(f"{AUTHOR} final.docx", out.getvalue())


async def test_a_document_is_handed_out_without_the_name_in_it_and_nobody_is_asked(world: World) -> None:
    aurelia, roderick = await two(world)
    third = await world.learner("third", "Third Person")
    file = by_aurelia()
    assert names(file.data, AUTHOR)
    await hand_in(aurelia, file=file)
    await hand_in(roderick, "A page about coffee")
    await hand_in(third, "A page about milk")
    assert not any("may show your name" in text for text in aurelia.inbox())
    await world.until(MONDAY)
    [(name, content)] = attached(world, await review(roderick))
    await write(third, await review(third), points="3")
    assert attached(world, await review(third)) == [(name, content)], "both reviewers get the same copy"
    assert name == "work.docx"
    assert not names(content, "Aurelia")
    assert not names(content, "Canary")
    assert read_word(content) == ["A page about tea."]
    ines = world.chat.person("ines")
    assert AUTHOR in (await ines.command("desk")).text, "the course team sees whose it is"


async def test_an_author_whose_name_stands_in_the_text_is_asked_and_told_why(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia("By Aurelia, about tea."))
    await hand_in(roderick, "A page about coffee")
    asked = aurelia.find("may show your name")
    assert "Your name stands in what can be read in it." in asked.text
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text
    await aurelia.press(asked, "Hand it out as it is")
    [(name, content)] = attached(world, await review(roderick))
    assert name == "work.docx"
    assert read_word(content) == ["By Aurelia, about tea."]
    assert not names(content, "Canary"), "what the text does not say is taken out all the same"


async def test_a_link_and_a_file_are_asked_about_together(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "More: docs.google.com/d/1", file=by_aurelia("By Aurelia, about tea."))
    await hand_in(roderick, "A page about coffee")
    asked = aurelia.find("may show your name").text
    assert "What is behind a link" in asked
    assert "Your name stands in what can be read in it." in asked


async def test_an_address_in_a_document_is_asked_about_as_in_typed_words(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia("About tea. Questions? ac1987@uni.example"))
    await hand_in(roderick, "A page about coffee")
    assert CONTACT in aurelia.find("may show").text
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text
    await aurelia.press(aurelia.find(CONTACT), "Hand it out as it is")
    [(_name, content)] = attached(world, await review(roderick))
    assert read_word(content) == ["About tea. Questions? ac1987@uni.example"]


async def test_another_version_without_the_name_needs_no_consent(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia("By Aurelia, about tea."))
    await hand_in(roderick, "A page about coffee")
    assert "may show your name" in aurelia.find("may show your name").text
    await aurelia.press(aurelia.find("Thank you, Aurelia Canary"), "Edit")
    await aurelia.submit(files={"file": by_aurelia("About tea.")})
    assert not any("may show your name" in text for text in aurelia.inbox())
    await world.until(MONDAY)
    [(_name, content)] = attached(world, await review(roderick))
    assert read_word(content) == ["About tea."]


# Looking into a file takes seconds, and nobody waits for that


async def test_while_a_file_is_looked_into_somebody_else_is_answered(world: World) -> None:
    aurelia, roderick = await two(world)
    await aurelia.command("submit")
    others = Chat(world.chat.sandbox).person("reviewer")
    looking = asyncio.create_task(aurelia.submit(files={"file": by_aurelia()}))
    while not world.rows(DueRow, kind="reviews.clean"):
        await asyncio.sleep(0)
    assert not world.rows(ReviewCopyRow), "the file is still looked into"
    await others.command("submit")
    assert not (await others.submit(text="A page about coffee")).errors
    assert "Demo course" in (await others.command("")).text
    assert not looking.done()
    await looking
    await world.until(MONDAY)
    assert [name for name, _content in attached(world, await review(roderick))] == ["work.docx"]


async def test_a_file_is_cleaned_once_however_often_it_is_asked_for(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia())
    await hand_in(roderick, text="A page about coffee")
    await world.until(MONDAY)
    (cleaned,) = world.rows(ReviewCopyRow)
    for label in ("Review", "Go on: Look at two drafts"):
        assert [name for name, _content in attached(world, await review(roderick, label))] == ["work.docx"]
        assert not world.rows(DueRow, kind="reviews.clean")
    await roderick.press(roderick.find("The work of another learner:"), "Give it back")
    await review(roderick)
    assert world.rows(ReviewCopyRow) == [cleaned], "the same copy of the same file"


async def test_work_that_comes_after_the_end_is_cleaned_as_well(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(roderick, text="A page about coffee")
    await world.until(MONDAY)
    await end(world)
    await hand_in(aurelia, file=by_aurelia())
    await world.wait(minutes=5)
    assert not world.rows(DueRow, kind="reviews.clean")
    assert len(world.rows(ReviewCopyRow)) == 1
    assert [name for name, _content in attached(world, await review(roderick))] == ["work.docx"]


async def test_a_file_that_was_being_looked_into_when_the_bot_died_is_looked_into_again(world: World) -> None:
    aurelia, _ = await two(world)
    await aurelia.command("submit")
    await Chat(world.chat.sandbox).person("author").submit(files={"file": by_aurelia("By Aurelia, about tea.")})
    looking = asyncio.create_task(world.settle())
    while [due.at for due in world.rows(DueRow, kind="reviews.clean")] == [world.clock.now()]:
        await asyncio.sleep(0)
    await world.app.runtime.stop()
    await looking
    assert not world.rows(ReviewCopyRow)
    again = compose(str(world.app.storage.engine.url), world.clock, [world.chat.sandbox])
    world.chat.sandbox._bot = again.runtime
    await again.runtime.advance(world.clock.now() + timedelta(minutes=2))
    assert len(world.rows(ReviewCopyRow)) == 1
    assert not world.rows(DueRow, kind="reviews.clean")
    assert "Your name stands in what can be read in it." in aurelia.find("may show your name").text
    again.storage.close()


# Work that changes after somebody took it


async def test_a_link_put_in_after_a_piece_was_taken_waits_for_consent(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    assert "A page about tea" in (await review(roderick)).text
    await aurelia.press(aurelia.find("Thank you, Aurelia Canary"), "Edit")
    await aurelia.submit(text="A page about tea", link="https://docs.example/aurelia-canary")
    asked = aurelia.find("may show your name")
    held = await review(roderick, "Go on: Look at two drafts")
    assert "docs.example" not in words(held)
    assert "The new version is here once it can be shown without a name" in held.text
    await roderick.press(await roderick.command(""), "Go on: Look at two drafts")
    await aurelia.press(asked, "Hand it out as it is")
    assert "docs.example" in words(await review(roderick, "Go on: Look at two drafts"))


async def test_a_file_put_in_after_a_piece_was_taken_is_the_one_that_is_read(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia("About tea."))
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    assert [read_word(c) for _name, c in attached(world, await review(roderick))] == [["About tea."]]
    await world.wait(hours=1)
    await aurelia.press(aurelia.find("Thank you, Aurelia Canary"), "Edit")
    await aurelia.submit(files={"file": by_aurelia("About green tea.")})
    held = await review(roderick, "Go on: Look at two drafts")
    assert [read_word(c) for _name, c in attached(world, held)] == [["About green tea."]]
    await write(roderick, held, points="3")
    await world.until(TUESDAY)
    page = await read(aurelia)
    assert "You changed your work after this review was begun" not in page.text


async def test_a_name_or_a_link_in_the_text_is_asked_about_like_one_in_a_file(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "See https://docs.example/d/aurelia")
    assert "What is behind a link" in aurelia.find("may show your name").text
    await hand_in(roderick, "I am Roderick, and I like coffee. More: bit.ly/3xyz or coffee#1234")
    said = roderick.find("may show your name").text
    for why in ("Your name stands in what can be read in it.", "What is behind a link", CONTACT):
        assert why in said, "everything is said at once"
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text


async def test_a_file_is_looked_into_again_for_its_authors_other_name(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, file=by_aurelia("By Philomena, about tea."))
    await hand_in(roderick, "A page about coffee")
    await world.settle()
    world.chat.person("author", "Philomena Canary")
    await aurelia.command("")
    await world.settle()
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text
    asked = aurelia.find("may show your name")
    world.chat.person("author", AUTHOR)
    await aurelia.command("")
    await world.settle()
    assert "may show your name" in (await aurelia.command("")).text, "others knew her by that name"
    assert "nothing to review" in (await review(roderick)).text
    await aurelia.press(asked, "Hand it out as it is")
    assert attached(world, await review(roderick))


async def test_an_agreement_is_not_about_a_later_name(world: World) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "By Philomena. See https://docs.example/d/tea")
    await hand_in(roderick, "A page about coffee")
    await aurelia.press(aurelia.find("may show your name"), "Hand it out as it is")
    world.chat.person("author", "Philomena Canary")
    await aurelia.command("")
    assert not any("is handed out to reviewers as it is" in text for text in aurelia.inbox())
    await world.until(MONDAY)
    assert "nothing to review" in (await review(roderick)).text
    await aurelia.press(aurelia.find("may show your name"), "Hand it out as it is")
    world.chat.person("author", "Otto Canary")
    await aurelia.command("")
    assert "By Philomena" in words(await review(roderick)), "nobody is asked about a name that is not in it"


async def test_an_instructor_who_names_the_author_in_a_reason_is_asked_and_nobody_is_thanked(world: World) -> None:
    aurelia, roderick = await two(world)
    ines = world.chat.person("ines")
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), points="3")
    await world.until(FRIDAY)
    await aurelia.press(await read(aurelia), "Was review 1 useful?")
    await aurelia.submit(useful="hurtful")
    desk = await ines.command("desk")
    opened = [await ines.press(desk, label) for label in desk.buttons if label.startswith("Open")]
    await ines.press(next(o for o in opened if "Take it back" in o.buttons), "Take it back")
    why = f"It speaks about {AUTHOR}, not about the draft"
    asked = await ines.submit(why=why)
    assert "names somebody whose work it is" in str(asked.errors)
    assert "names somebody" not in str((await ines.submit(why=why)).errors)
    await world.until("2026-01-19T12:00:00Z")
    assert roderick.find("took back your review")
    assert not any("Thank you for the review" in text for text in roderick.inbox())


TEAMS = UNNAMED.replace("late: accepted}", "late: accepted, pod: yes}") + "pods: {size: 5}\n"
NAMES_POD = "The name of somebody in your pod stands in what can be read in it."


@pytest_asyncio.fixture
async def teams(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=TEAMS, address="http://pages.example")
    yield made
    made.app.storage.close()


async def test_those_whose_names_stand_in_the_work_of_their_pod_are_asked(teams: World) -> None:
    mia, ben, cyrilla, dan = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await hand_in(mia, "Our map of tea by Ben-Miller and others")
    assert NAMES_POD in mia.find("may show a name of your pod").text
    await hand_in(harold, "A map of milk, and Ben is in no pod of mine")
    await teams.until(MONDAY)
    assert "nothing to review" in (await review(harold)).text
    await mia.press(mia.find("may show a name of your pod"), "Hand it out as it is")
    assert "nothing to review" in (await review(harold)).text
    asked = ben.find("Your whole name, or a mention of you, stands in it.")
    for other in (cyrilla, dan):
        assert not any("may stand in" in text or "may show" in text for text in other.inbox())
    await ben.press(asked, "Hand it out as it is")
    assert "Our map of tea" in (await review(harold)).text


async def test_one_no_of_a_pod_keeps_its_work_to_the_course_team_until_it_is_changed(teams: World) -> None:
    mia, ben, cyrilla, _dan = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await hand_in(mia, "Our map of tea by Ben-Miller and @cyrilla-wong")
    await hand_in(harold, "A map of milk")
    await mia.press(mia.find("may show a name of your pod"), "Hand it out as it is")
    await teams.until(MONDAY)
    await ben.press(ben.find("your name may stand in"), "Not like this")
    await cyrilla.press(cyrilla.find("your name may stand in"), "Hand it out as it is")
    assert "nothing to review" in (await review(harold)).text
    assert "somebody of your pod did not want their name handed out" in (await mia.command("")).text
    assert "you did not want your work handed out" in (await ben.command("")).text
    assert "handed out" not in (await cyrilla.command("")).text
    await mia.press(await mia.command("submit"), "Edit: The draft")
    await mia.submit(text="Our map of tea")
    await teams.settle()
    assert "Our map of tea" in (await review(harold)).text
    assert "handed out" not in (await ben.command("")).text
    assert not any("may show" in text or "may stand in" in text for text in ben.inbox())


async def test_somebody_who_takes_it_back_or_says_no_leaves_what_the_others_said(teams: World) -> None:
    mia, ben, cyrilla, _dan = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    await hand_in(mia, "Our map by Ben-Miller and Cyrilla-Wong")
    await hand_in(harold, "A map of milk")
    await mia.press(mia.find("may show a name of your pod"), "Hand it out as it is")
    await teams.until(MONDAY)
    await cyrilla.press(cyrilla.find("your name may stand in"), "Hand it out as it is")
    asked = ben.find("your name may stand in")
    await ben.press(await ben.press(ben.find("Our map by"), "Take it back"), "Take it back")
    assert "nothing to review" in (await review(harold)).text, "his name stands in it all the same"
    assert "your name may stand in" in (await ben.command("")).text
    await ben.press(asked, "Hand it out as it is")
    assert "Our map by" in (await review(harold)).text


async def test_the_names_of_a_whole_pod_are_taken_out_of_its_files(teams: World) -> None:
    mia, ben, cyrilla, _dan = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    written = docx.Document()
    written.core_properties.author = "Ben-Miller"
    written.core_properties.subject = "by Cyrilla-Wong"
    written.add_paragraph("Our map of tea by Ben-Miller")
    content = io.BytesIO()
    written.save(content)
    await hand_in(mia, file=Upload("map.docx", content.getvalue()))
    await teams.settle()
    assert NAMES_POD in mia.find("may show a name of your pod").text
    await mia.press(mia.find("may show a name of your pod"), "Hand it out as it is")
    harold = await teams.learner("harold", "Harold Stone")
    await hand_in(harold, "A map of milk")
    await teams.until(MONDAY)
    assert "nothing to review" in (await review(harold)).text
    assert not any("may stand in" in text for text in cyrilla.inbox()), "the cleaned copy does not name her"
    await ben.press(ben.find("your name may stand in"), "Hand it out as it is")
    assert attached(teams, await review(harold))


async def test_whoever_joins_a_pod_is_looked_for_in_what_it_handed_in(teams: World) -> None:
    mia, *_others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold, zoe = await teams.learner("harold", "Harold Stone"), await teams.learner("zoe", "Zoe Lake")
    written = docx.Document()
    written.add_paragraph("Our map of tea, with thanks to Harold Stone")
    content = io.BytesIO()
    written.save(content)
    await hand_in(mia, file=Upload("map.docx", content.getvalue()))
    await hand_in(zoe, "A map of milk")
    await teams.settle()
    assert "It names learners who are not in your pod: Harold Stone." in mia.find("may show a name of your pod").text
    await mia.press(mia.find("may show a name of your pod"), "Hand it out as it is")
    await harold.press(await harold.command(""), "I'd like a pod")
    await teams.until(MONDAY)
    assert "may stand in" in harold.find("Your whole name").text
    assert "nothing to review" in (await review(zoe)).text
    await harold.press(harold.find("Your whole name"), "Hand it out as it is")
    assert attached(teams, await review(zoe))


async def test_whoever_joins_a_pod_gives_its_piece_back(teams: World) -> None:
    mia, *_others = await formed(teams, "Mia", "Ben", "Cyrilla", "Dan")
    harold = await teams.learner("harold", "Harold Stone")
    await hand_in(mia, "Our map of the harbour")
    await hand_in(harold, "A map of milk")
    await teams.until(MONDAY)
    piece = await review(harold)
    assert "harbour" in piece.text
    await harold.command("")
    await harold.press(await harold.command(""), "I'd like a pod")
    await teams.settle()
    assert "You are in the pod now" in (await harold.press(piece, "Write the review")).text
    assert "nothing to review" in (await review(harold)).text
    await teams.until(TUESDAY)
    assert harold.find("is not there any more, so you need not finish it")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Our map of tea, with Harold Stone", "Harold Stone"),
        ("Our map of tea, with STONE, HAROLD", "Harold Stone"),
        ("Our map of tea, with @harold", "Harold Stone"),
        ("Our map of tea, with Rose Brook's help and Harold Stone's", "Harold Stone and Rose Brook"),
        ("Our map of tea: harold drew the stone, and a rose by the brook", ""),
    ],
)
async def test_learners_outside_the_pod_who_are_named_in_its_work_are_asked_about(
    teams: World, words: str, found: str
) -> None:
    mia, *others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold, rose = await teams.learner("harold", "Harold Stone"), await teams.learner("rose", "Rose Brook")
    await hand_in(mia, words)
    asked = mia.find("may show a name of your pod") if found else None
    await hand_in(rose, "A map of milk with Harold Stone")
    await teams.until(MONDAY)
    for other in (*others, harold, rose):
        assert not any("may show" in text or "may stand in" in text for text in other.inbox())
    if asked is not None:
        assert f"It names learners who are not in your pod: {found}." in asked.text
        assert "Our map of tea" not in (await review(rose)).text
        await mia.press(asked, "Hand it out as it is")
    assert "Our map of tea" in (await review(rose)).text


async def test_those_outside_who_are_named_in_the_file_of_a_pod_are_asked_about(teams: World) -> None:
    mia, *_others = await formed(teams, "Mia-Finch", "Ben-Miller", "Cyrilla-Wong", "Dan-Dale")
    harold = await teams.learner("harold", "Harold Stone")
    written = docx.Document()
    written.add_paragraph("Our map of tea, with Harold Stone")
    content = io.BytesIO()
    written.save(content)
    await hand_in(mia, file=Upload("map.docx", content.getvalue()))
    await hand_in(harold, "A map of milk")
    await teams.until(MONDAY)
    assert "nothing to review" in (await review(harold)).text
    await mia.press(mia.find("It names learners who are not in your pod: Harold Stone."), "Not like this")
    assert "nothing to review" in (await review(harold)).text


@pytest.mark.parametrize("how", ["erased", "taken back"])
async def test_words_in_a_message_that_was_given_up_are_posted_by_no_retry(world: World, how: str) -> None:
    aurelia, roderick = await two(world)
    await hand_in(aurelia, "A page about tea")
    await hand_in(roderick, "A page about coffee")
    await world.until(MONDAY)
    await write(roderick, await review(roderick), best="Say it in quokka words", points="3")
    chat = world.chat.sandbox
    post = chat.post

    async def refuse(delivery: Delivery) -> Sent:
        if delivery.account is not None and delivery.account.user == aurelia.id:
            raise Unavailable("down")
        return await post(delivery)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chat, "post", refuse)
        await world.until("2026-01-18T09:30:00Z")
    assert "quokka" in everything(world)
    if how == "erased":
        await forget(world, REVIEWER)
    else:
        ines = world.chat.person("ines")
        matrix = await ines.press(await ines.command(""), "Who reviews whom")
        opened = await ines.press(await ines.press(matrix, AUTHOR), f"Open: {REVIEWER}")
        await ines.press(opened, next(b for b in opened.buttons if "Take" in b))
        await ines.submit(why="It hurts")
    world.app.storage.run_now(lambda unit: unit.outbox.retry(None, world.clock.now()))
    await world.wait(hours=30)
    assert not any("quokka" in text for text in aurelia.inbox())
    if how == "erased":
        assert "quokka" not in everything(world)


async def test_thanks_lead_to_an_open_question_without_two_full_stops(world: World) -> None:
    aurelia, _roderick = await two(world)
    await hand_in(aurelia, "By Aurelia Canary. A page about tea")
    await aurelia.say("dm", "thank you!")
    text = aurelia.find("Next:").text
    assert "before you say so." in text
    assert ".." not in text
