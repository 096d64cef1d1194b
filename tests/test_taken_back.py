"""What is said in private, is taken back or is erased is seen by nobody else, whatever the course file says by then.

Mia says something of each kind. Then an item is taken out of the course, or all of them, and she takes back what she
said, or is erased. Whatever anybody else can see then is searched for her words.
"""

import json
from pathlib import Path

import pytest

from adapters.sandbox.driver import CannotSee, Result, Speaker
from storage.tables.people import AuditRow
from tests.features.test_erasure import copy, everything, forget
from tests.features.test_feedback import hand_in
from tests.features.test_milestones import planned_anew
from tests.kit import World, new_world

HEAD = """\
course: {id: demo, title: Demo course, weekly_minutes: 600}
weeks:
  - title: One
    goal: Begin
MATERIALS    minutes: 60
  - {title: Two, goal: Go on, minutes: 60}
"""
PARTS = {
    "materials": '    materials: [{title: Personas, link: "https://example.org/v", minutes: 20}]\n',
    "self-checks": '    self_check: [{question: "Who reads it?", answer: You}]\n',
    "prompts": """\
prompts:
  - id: wrapup
    weekly: yes
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {id: done, kind: long, text: "What did you finish?", audience: cohort}
      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors, required: false}
""",
    "milestones": """\
milestones:
  - {id: draft, week: 1, title: The first draft, due: Sun 23:59 aoe, late: 7 days, minutes: 60,
     extension: 7 days by instructor}
  - {id: notes, week: 1, title: Your notes, due: Sun 23:59 aoe, minutes: 30, extension: 7 days by instructor}
""",
    "check-ins": """\
checkins:
  - {id: page, title: The shared page, weekly: yes, days: [Thu 09:00]}
""",
    "scenarios": """\
scenarios:
  - id: tea
    week: 1
    title: The guest
    nodes:
      - {id: door, text: It rings., choices: [{label: Open, to: in}, {label: Hide, to: door}]}
      - {id: in, text: They sit., ending: Tea for two}
""",
    "discussions": """\
discussions:
  - {id: bags, week: 1, title: Bags or leaves, question: "Are bags tea?", opens: Mon 09:00, closes: Fri 15:00 cohort}
""",
}
INSIDE = ("materials", "self-checks")


def course_without(*removed: str) -> str:
    kept = {name: text for name, text in PARTS.items() if name not in removed}
    inside = "".join(kept.get(name, "") for name in INSIDE)
    return HEAD.replace("MATERIALS", inside) + "".join(text for name, text in kept.items() if name not in INSIDE)


PUBLIC = ("heron-done", "heron-checked", "heron-post", "heron-reply")
"""What Mia's cohort reads."""

TEAM = ("heron-reason", "heron-note", "heron-ask", "heron-answered", "heron-work", "heron-comment")
"""What the course team alone reads, besides herself."""

INSTRUCTORS = ("heron-stuck", "heron-blocked")
"""What her instructors alone read, besides herself."""

NOBODY = ("heron-try",)
"""What nobody reads."""


async def a_week(tmp_path: Path) -> tuple[World, Speaker, Speaker]:
    """The first week until Friday evening, in which Mia says something of each kind. Ben reads what he may."""
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=course_without(), address="http://pages.example")
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines = world.chat.person("ines")
    await world.until("2026-01-05T08:30:00Z")
    await mia.command("ask", "heron-ask: may I stop? instructors_only=yes")
    for learner, word in ((mia, "heron-post"), (ben, "Of course.")):
        await learner.press(next(m for m in learner.sees("general") if "Are bags tea?" in m.text), "Post")
        assert learner.form is not None
        await learner.submit({f.name: word for f in learner.form.fields if f.name != "quote"}, quote="yes")
    await mia.press(await mia.press(mia.find("Thank you, Mia."), "Read the others"), "Reply")
    await mia.submit(text="heron-reply")
    await mia.press(mia.find("Check yourself: "), "Try it")
    await mia.submit(values={"try": "heron-try"})
    await mia.press(mia.find("Who reads it?"), "Show the answer")
    await mia.press(mia.find("The guest"), "Play it")
    await world.until("2026-01-08T09:00:00Z")
    await mia.press(mia.find("The shared page", "general"), "Check in")
    await mia.submit(done="heron-checked", stuck="heron-blocked")
    await hand_in(mia, "draft", "https://example.org/heron-work")
    await mia.press(await mia.command("away"), "Move my dates")
    await mia.submit(days="5", reason="heron-reason")
    await mia.say("dm", "heron-note: my father is ill, and I may be late.")
    await mia.press(mia.last(), next(b for b in mia.last().buttons if "course team" in b))
    desk = await ines.command("desk", place="general")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    await ines.submit(text="heron-comment")
    mine = await mia.press(await mia.command(""), "My work")
    await mia.press(await mia.press(mine, next(b for b in mine.buttons if b.startswith("Feedback"))), "Reply")
    await mia.submit(text="heron-answered")
    await world.until("2026-01-09T15:10:00Z")
    await mia.press(mia.find("wrap-up"), "Answer")
    await mia.submit(done="heron-done", stuck="heron-stuck", quote="yes")
    await world.until("2026-01-12T12:10:00Z")
    return world, mia, ben


async def all_that(world: World, speaker: Speaker, *, again: bool = True) -> str:
    """All that somebody can see: messages, threads, answers to commands and the pages that these lead to, and the copy
    of what is kept about them. `again`: answers that they had before and that only they see are left out."""
    found: list[str] = []
    for place in ("dm", "general", "questions"):
        for seen in speaker.sees(place):
            if again and seen.to is not None:
                continue
            found.append(seen.text)
            found += [reply.text for reply in speaker.thread(seen.id) if not (again and reply.to is not None)]
    for command in ("", "desk", "week", "overview", "course", "away", "find heron", "faq", "status"):
        name, _space, text = command.partition(" ")
        try:
            said = await speaker.command(name, text, place="general")
        except CannotSee:
            continue
        found.append(said.text)
        for label in [b for b in said.buttons if not b.startswith(DOING)]:
            found.append(await looked(speaker, said, label))
    document, files = copy(world, f"sandbox/{speaker.id}")
    return "\n".join([*found, json.dumps(document), *map(repr, files.values())])


DOING = (
    "Post", "Tomorrow", "End", "Leave", "Pause", "Seen", "Use", "I'm away", "Done", "Grant", "Take", "Say no", "Send",
    "Left", "Mark", "Yes", "Answered", "Later", "Approve", "Skip", "No recap",
)  # fmt: skip
"""How buttons begin that do something. The others show something."""


async def looked(speaker: Speaker, said: Result, label: str) -> str:
    """What a button shows: a message, or a form with what it quotes."""
    try:
        opened = await speaker.press(said, label)
    except (CannotSee, KeyError):
        return ""
    if opened.form is not None:
        return "\n".join([opened.form.intro, *(str(field) for field in opened.form.fields)])
    return opened.text


async def seen_of(world: World, words: tuple[str, ...], *readers: str) -> list[str]:
    """Which of the words these people can see, each with who."""
    found = []
    for reader in readers:
        text = await all_that(world, world.chat.person(reader))
        found += [f"{reader} sees {word}" for word in words if word in text]
    return found


def remove(world: World, what: str) -> None:
    planned_anew(world, course_without(*(PARTS if what == "everything" else () if what == "nothing" else (what,))))


async def take_all_back(mia: Speaker) -> None:
    """Mia presses each button before her that takes something back, and says yes."""
    for seen in [*mia.sees("dm"), *mia.sees("general")]:
        for label in TAKES_BACK:
            if label not in seen.buttons:
                continue
            asked = await mia.press(seen, label)
            sure = [c["label"] for c in (asked.reply.controls if asked.reply else ()) if c["style"] == "danger"]
            for yes in sure[:1] or [b for b in asked.buttons if b.startswith(("Yes", "Take", "Delete"))][:1]:
                await mia.press(asked, yes)


TAKES_BACK = ("Take it back", "Delete my answer", "Delete it", "Delete its text", "Take my request back")
TAKEN_BACK = (*PUBLIC, *INSTRUCTORS, "heron-work", "heron-reason", "heron-note")


@pytest.mark.parametrize("removed", [*PARTS, "everything", "nothing"])
async def test_what_is_private_taken_back_or_erased_is_seen_by_nobody(tmp_path: Path, removed: str) -> None:
    world, mia, _ben = await a_week(tmp_path)
    remove(world, removed)
    await world.settle()
    await world.wait(hours=22)
    assert not await seen_of(world, (*INSTRUCTORS, *NOBODY), "omar")
    assert not await seen_of(world, (*TEAM, *INSTRUCTORS, *NOBODY), "ben")
    assert not [word for word in NOBODY if word in everything(world)]
    assert not [row for row in world.rows(AuditRow) if "heron-" in str(row)]
    assert "heron-post" in await all_that(world, mia)

    await take_all_back(mia)
    await world.wait(hours=22)
    assert not await seen_of(world, TAKEN_BACK, "ben", "omar", "ines")
    assert not [word for word in TAKEN_BACK if word in everything(world)]

    assert "heron-comment" in everything(world)
    await forget(world, "mia")
    await world.wait(hours=22)
    assert not await seen_of(world, (*PUBLIC, *TEAM, *INSTRUCTORS, *NOBODY), "ben", "omar", "ines")
    assert "heron-" not in everything(world)
    world.app.storage.close()


@pytest.mark.parametrize("removed", ["discussions", "everything", "nothing"])
async def test_whoever_is_erased_at_once_is_seen_by_nobody(tmp_path: Path, removed: str) -> None:
    world, _mia, _ben = await a_week(tmp_path)
    remove(world, removed)
    await world.settle()
    await forget(world, "mia")
    await world.wait(hours=22)
    assert not await seen_of(world, (*PUBLIC, *TEAM, *INSTRUCTORS, *NOBODY), "ben", "omar", "ines")
    assert "heron-" not in everything(world)
    world.app.storage.close()


async def test_what_is_removed_leaves_no_button_that_leads_nowhere(tmp_path: Path) -> None:
    world, mia, ben = await a_week(tmp_path)
    report = next(m for m in ben.sees("general") if "heron-done" in m.text)
    assert "Answer" in report.buttons
    check = mia.find("Who reads it?")
    remove(world, "everything")
    await world.settle()
    report = next(m for m in ben.sees("general") if m.id == report.id)
    assert "Answer" not in report.buttons
    assert "It was taken out of the course." in report.text
    check = next(m for m in mia.sees("dm") if m.id == check.id)
    assert "taken out of the course" in check.text
    assert not check.buttons
    remove(world, "nothing")
    await world.settle()
    assert "You" in next(m for m in mia.sees("dm") if m.id == check.id).text
    world.app.storage.close()
