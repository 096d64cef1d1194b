"""Commands, menus, buttons and forms, as somebody on Discord meets them."""

import asyncio
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import pytest

from adapters.discord import interactions, modals
from adapters.discord.commands import declarations
from bot.app.features import make_registry
from bot.core.commands import Command, Param, PersonId, Shortcut
from bot.core.errors import Unavailable
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, ShortcutUsed
from bot.core.forms import (
    ChoiceField,
    DateField,
    FileField,
    Form,
    GroupField,
    Kept,
    PersonField,
    TextField,
    UploadField,
    yes_no,
)
from bot.core.message import Button, Document, Option, buttons, message, paragraph
from bot.core.people import MessageRef, Place
from bot.core.ports import Answer
from tests.discord import humans
from tests.discord.kit import Room
from tests.discord.limits import violations
from tests.waiting import eventually


@dataclass(frozen=True)
class Give:
    """Give something to somebody."""

    what: Annotated[str, Param("What", "In a few words.", max_length=100)]
    who: Annotated[PersonId | None, Param("Who")] = None
    size: Annotated[Literal["small", "very_large"], Param("Size")] = "small"
    wrapped: Annotated[bool, Param("Wrapped")] = False
    times: Annotated[int, Param("Times")] = 1


@dataclass(frozen=True)
class Page:
    """Your page."""


GIVE = Command("give", "gifts", Give, "/cohort give", frozenset())


@dataclass(frozen=True)
class HandIn:
    """Hand something in."""

    file: Annotated[Kept | None, Param("A file")] = None


HAND_IN = Command("hand_in", "q", HandIn, "", frozenset())
HOME = Command("", "home", Page, "/cohort", frozenset())
FORM = Form(
    "gifts.give/1/1:", "A present", (TextField("what", "What"), TextField("why", "Why", required=False)), draft="d1"
)


def says(words: str) -> Any:
    return lambda event: Answer(message=message(paragraph(words)))


# Commands


def test_everything_declared_fits_into_discord() -> None:
    declared = declarations(make_registry().commands, make_registry().shortcuts)
    assert violations("PUT", "/applications/1/commands", declared) == []
    names = [o["name"] for o in declared[0]["options"]]
    assert "home" in names
    # One group holds 25: the next needs a second group, and must not be left out unseen.
    assert len(names) == len(set(names)) == len(make_registry().commands)


def test_parameters_become_options() -> None:
    [group, menu] = declarations([GIVE], [Shortcut("q.answer", "Mark as the answer", "")])
    options = {o["name"]: o for o in group["options"][0]["options"]}
    assert options["what"] | {"description": ""} == {
        "type": 3, "name": "what", "description": "", "required": True, "max_length": 100,
    }  # fmt: skip
    assert (options["who"]["autocomplete"], options["wrapped"]["type"], options["times"]["type"]) == (True, 5, 4)
    assert options["size"]["choices"][1] == {"name": "Very large", "value": "very_large"}
    assert (menu["type"], menu["name"]) == (3, "Mark as the answer")


async def test_commands_are_registered_only_when_they_change(room: Room) -> None:
    async def told(times: int) -> bool:
        return len(room.sent("PUT", "/commands")) == times

    await eventually(lambda: told(1))
    await room.stage.restart()
    room.bot.commands = (GIVE,)
    await room.stage.restart()
    await eventually(lambda: told(2))


async def test_a_command_brings_its_values_and_an_answer_for_one(room: Room) -> None:
    room.bot.commands, room.bot.answer = (GIVE, HOME), says("Given, <@everyone>.")
    humans.command(room.fake, room.mia, room.general, "give", what="A book", wrapped=True, size="small")
    issued = await eventually(lambda: room.bot.last(CommandIssued))
    assert (issued.name, dict(issued.values)) == ("give", {"what": "A book", "wrapped": "yes", "size": "small"})
    seen = await room.whispered("Given")
    assert (seen["to"], seen["flags"], seen["called"]) == (room.mia, 64, [])
    humans.command(room.fake, room.mia, room.general, "home")

    async def home() -> bool:
        return [c.name for c in room.bot.all(CommandIssued)] == ["give", ""]

    await eventually(home)


async def test_a_command_brings_its_file(room: Room) -> None:
    room.bot.commands, room.bot.answer = (HAND_IN, HOME), says("It is in.")
    humans.command(room.fake, room.mia, room.general, "hand_in", file=("plan.pdf", b"%PDF"))
    issued = await eventually(lambda: room.bot.last(CommandIssued))
    assert (issued.files["file"].name, issued.files["file"].data) == ("plan.pdf", b"%PDF")
    assert dict(issued.values) == {}
    await room.whispered("It is in.")
    humans.command(room.fake, room.mia, room.general, "hand_in", file=("film.mp4", b"x" * 8_000_001))
    await room.whispered("film.mp4 is too large: at most 8,000 kB.")
    assert len(room.bot.all(CommandIssued)) == 1


async def test_roles_and_the_right_to_manage_come_along(room: Room) -> None:
    teachers = room.fake.add_role("teachers")
    room.fake.add_role("admins", 1 << 5)

    await room.stage.restart()
    room.fake.members[room.mia]["roles"] = [teachers]
    humans.command(room.fake, room.mia, room.general, "home")
    issued = await eventually(lambda: room.bot.last(CommandIssued))
    assert (issued.actor.groups, issued.actor.admin, issued.actor.zone) == ((teachers,), False, None)
    room.fake.members[room.ben]["roles"] = [room.fake.guild["roles"][2]["id"]]
    humans.command(room.fake, room.ben, room.general, "home")

    async def admin() -> bool:
        return any(c.actor.admin for c in room.bot.all(CommandIssued))

    await eventually(admin)


async def test_in_a_direct_conversation_it_is_the_same_person(room: Room) -> None:
    channel = room.fake.conversation(room.mia)["id"]
    humans.command(room.fake, room.mia, channel, "home")
    issued = await eventually(lambda: room.bot.last(CommandIssued))
    assert issued.place == Place(room.fake.guild["id"], channel, direct=True)
    assert (issued.actor.account, issued.actor.groups) == (room.stage.account("mia"), None)


async def test_completions_come_while_one_types(room: Room) -> None:
    room.bot.commands = (GIVE,)
    room.bot.people = [Option("7", "Mia"), Option("8", "Ben")]
    room.bot.completions = [Option("Europe/Berlin", "Europe/Berlin, now 14:05"), Option("x" * 101, "too long")]
    for name in ("who", "what"):
        typed = {"name": name, "type": 3, "value": "", "focused": True}
        sub = {"name": "give", "type": 1, "options": [typed]}
        room.fake.interact(room.mia, room.general, 4, {"id": "1", "name": "cohort", "type": 1, "options": [sub]})

        async def completed() -> bool:
            return bool(room.fake.completions)

        await eventually(completed)
    assert room.fake.completions[0][0] == {"name": "Europe/Berlin, now 14:05", "value": "Europe/Berlin"}


# A message's own menu


async def test_a_shortcut_knows_the_message_and_its_author(room: Room) -> None:
    room.bot.shortcuts = (Shortcut("questions.answer", "Mark as the answer", ""),)
    room.bot.answer = says("Marked.")
    root = await room.stage.people.say("mia", "general", "How?")
    said = await room.stage.people.say("ben", "general", "Like this.", below=root)
    thread, _, id = said.partition("/")
    raw = room.fake._shown(room.fake.messages[thread][id])
    data = {"id": "1", "name": "Mark as the answer", "type": 3, "target_id": id, "resolved": {"messages": {id: raw}}}
    room.fake.interact(room.mia, thread, 2, data)
    used = await eventually(lambda: room.bot.last(ShortcutUsed))
    assert (used.name, used.text) == ("questions.answer", "Like this.")
    assert used.message == MessageRef(room.fake.guild["id"], room.general, said)
    assert used.place == Place(room.fake.guild["id"], room.general, root)
    assert used.author is not None
    assert (used.author.account, used.author.name) == (room.stage.account("ben"), "Ben")
    await room.whispered("Marked.", thread)


# Buttons


async def test_a_silent_button_leaves_no_trace(room: Room) -> None:
    said = message(paragraph("Hello"), buttons(Button("Ok", "a.b/1/1:")))
    [ref] = (await room.adapter.post(room.delivery(said))).refs
    shown = room.fake.messages[room.general][ref.id]
    pressed = humans.press(room.fake, room.mia, shown, "Ok")

    async def answered() -> bool:
        return room.fake.interactions[pressed["token"]].get("kind") == 6

    await eventually(answered)
    assert room.bot.all(ButtonPressed)[0].message == ref
    assert room.fake.whispered == {}


async def test_an_interaction_that_comes_twice_is_answered_once(room: Room) -> None:
    room.bot.answer = says("Once.")
    humans.command(room.fake, room.mia, room.general, "home")
    await room.whispered("Once.")
    await room.fake.repeat()
    await asyncio.sleep(0.2)
    assert len(room.fake.whispered[room.general]) == 1


async def test_what_takes_long_is_announced_in_time(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interactions, "PATIENCE", 0.05)
    gate = asyncio.Event()
    receive = room.bot.receive

    async def slow(event: Interaction) -> Answer:
        await gate.wait()
        return await receive(event)

    room.bot.receive = slow  # type: ignore[method-assign,assignment]
    room.bot.answer = lambda event: Answer(form=FORM) if isinstance(event, CommandIssued) else Answer()
    issued = humans.command(room.fake, room.mia, room.general, "home")

    async def told() -> bool:
        return room.fake.interactions[issued["token"]].get("kind") == 5

    await eventually(told)
    gate.set()
    # A form can open no more by itself: a button does it.
    seen = await room.whispered("A present")
    humans.press(room.fake, room.mia, seen, "Open the form")
    assert (await room.modal(room.mia))["title"] == "A present"


async def test_an_interaction_that_has_expired_is_no_trouble(room: Room) -> None:
    room.bot.answer = says("Too late.")
    room.fake.late = True
    humans.command(room.fake, room.mia, room.general, "home")
    await eventually(lambda: room.bot.last(CommandIssued))
    room.fake.late = False
    humans.command(room.fake, room.mia, room.general, "home")
    await room.whispered("Too late.")


async def test_nothing_is_said_to_be_saved_that_is_not(room: Room) -> None:
    room.bot.answer = lambda event: Answer(form=FORM)
    humans.command(room.fake, room.mia, room.general, "home")
    await room.modal(room.mia)
    room.bot.deaf = True
    humans.submit(room.fake, room.mia, {"what": "A book that took me an hour to describe"})
    seen = await room.whispered("could not be saved")
    assert "A book that took me an hour to describe" in seen["content"]
    humans.command(room.fake, room.mia, room.general, "home")

    async def twice() -> bool:
        return len(room.fake.whispered[room.general]) == 2

    await eventually(twice)


# Forms


def test_a_modal_says_where_it_stands() -> None:
    step = modals.Step(1, 3, "0123456789ab", "f.a/1/1:" + "s" * 60)
    assert modals.Step.decode(step.encode()) == step
    long = modals.Step(0, 1, "0123456789ab", "f.a/1/1:" + "s" * 82)
    assert modals.Step.decode(long.encode()) == replace(long, action="")
    assert modals.Step.decode("q.ask/1/1:") is None


LONG = Form(
    "setup.all/1/1:",
    "A form that has far more fields than one of Discord's modals can hold",
    (
        TextField("text", "Text " * 12, long=True, max_length=40_000, value="kept"),
        ChoiceField("choice", "Choice", tuple(Option(str(n), f"No. {n}") for n in range(3)), value="1"),
        ChoiceField("many", "Many", tuple(Option(str(n), f"No. {n}") for n in range(40)), required=False),
        DateField("day", "Day", required=False),
        yes_no("tick", "Tick", value=True),
        PersonField("person", "Person"),
        GroupField("group", "Role", required=False),
        FileField("file", "File", required=False),
        UploadField("upload", "Upload", required=False, max_bytes=100),
    ),
    intro="Take your time, @everyone.",
    draft="0123456789ab",
)


@pytest.mark.parametrize("people", [3, 25])
def test_every_kind_of_field_fits_into_a_modal(people: int) -> None:
    named = [Option(str(n), f"Person {n}") for n in range(people)]
    for number in range(len(modals.steps(LONG))):
        body = {"type": 9, "data": modals.modal(LONG, number, modals.Offer(named))}
        assert violations("POST", "/interactions/1/t/callback", body) == []
    assert [len(p) for p in modals.steps(LONG)] == [4, 5]


async def test_a_long_form_is_filled_in_steps(room: Room) -> None:
    room.bot.people = [Option(str(n), f"Person {n}") for n in range(40)]
    room.bot.owners = {room.ben: "17"}
    room.bot.answer = lambda event: Answer(form=LONG) if isinstance(event, CommandIssued) else Answer()
    humans.command(room.fake, room.mia, room.general, "home")
    first = await room.modal(room.mia)
    assert first["title"].endswith("(1 of 2)")
    humans.submit(room.fake, room.mia, {"text": "new words", "choice": "2"})
    kept = await room.whispered("Part 1 of 2 is kept")
    assert not room.bot.all(FormSubmitted)
    # A restart in between changes nothing.
    await room.stage.restart()
    humans.press(room.fake, room.mia, kept, "Go on")
    await room.modal(room.mia)
    role = room.fake.guild["roles"][0]["id"]
    files = {"file": [("notes.txt", "Grüße".encode())], "upload": [("plan.pdf", b"%PDF")]}
    humans.submit(room.fake, room.mia, {"person": room.ben, "group": role, "tick": "", **files})
    sent = await eventually(lambda: room.bot.last(FormSubmitted))
    assert dict(sent.values) == {
        "text": "new words",
        "choice": "2",
        "many": "",
        "day": "",
        "tick": "",
        "person": "17",
        "group": f"{role}:@everyone",
        "file": "Grüße",
        "upload": "plan.pdf",
    }
    assert (sent.action, sent.draft) == (LONG.action, LONG.draft)
    assert (sent.files["upload"].name, sent.files["upload"].data) == ("plan.pdf", b"%PDF")


MANY = Form(
    "setup.person/1/1:",
    "Name somebody",
    (
        PersonField("person", "Who", value="17"),
        ChoiceField("role", "Role", (Option("learner", "Learner"), Option("manager", "Manager")), value="manager"),
        yes_no("remove", "Take this role away"),
    ),
    draft="0123456789ab",
)


async def test_choices_are_drawn_as_discord_draws_them(room: Room) -> None:
    """A choice that has to be made is a list of radio buttons, yes or no a box to tick, and a person comes from
    Discord's own list where there are more than a list of ours holds."""
    room.bot.people = [Option(str(n), f"Person {n}") for n in range(40)]
    room.bot.owners = {room.mia: "17"}
    room.bot.answer = lambda event: Answer(form=MANY, mentions={17: room.stage.account("mia")})
    humans.command(room.fake, room.mia, room.general, "home")
    modal = await room.modal(room.mia)
    assert [c["type"] for c in humans.fields(modal).values()] == [5, 21, 23]
    # Whom and what it is about stands there already, so sending it as it is changes nothing.
    humans.submit(room.fake, room.mia, {"remove": "yes"})
    sent = await eventually(lambda: room.bot.last(FormSubmitted))
    assert dict(sent.values) == {"person": "17", "role": "manager", "remove": "yes"}


async def test_somebody_from_outside_the_cohort_is_refused_by_name(room: Room) -> None:
    room.bot.people = [Option(str(n), f"Person {n}") for n in range(40)]
    room.bot.answer = lambda event: Answer(form=MANY)
    humans.command(room.fake, room.mia, room.general, "home")
    await room.modal(room.mia)
    humans.submit(room.fake, room.mia, {"person": room.ben, "role": "learner"})
    seen = await room.whispered("Ben is not in the cohort.")
    assert not room.bot.all(FormSubmitted)
    humans.press(room.fake, room.mia, seen, "Open the form again")
    assert humans.filled(await room.modal(room.mia))["role"] == "learner"


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"file": [("photo.txt", b"\xff\xfe\x00")]}, "no text file"),
        ({"upload": [("film.mp4", b"x" * 101)]}, "too large"),
    ],
)
async def test_a_file_that_will_not_do_is_said_so_and_the_rest_is_kept(
    room: Room, files: dict[str, Any], words: str
) -> None:
    room.bot.answer = lambda event: Answer(form=replace(LONG, fields=LONG.fields[-2:]))
    humans.command(room.fake, room.mia, room.general, "home")
    await room.modal(room.mia)
    humans.submit(room.fake, room.mia, files)
    seen = await room.whispered(words)
    assert not room.bot.all(FormSubmitted)
    humans.press(room.fake, room.mia, seen, "Open the form again")
    await room.modal(room.mia)


async def test_a_file_sent_before_is_kept_where_none_is_chosen(room: Room) -> None:
    fields = (replace(LONG.fields[-2], value="old text", required=True), LONG.fields[0])
    room.bot.answer = lambda event: Answer(form=replace(LONG, fields=fields))
    humans.command(room.fake, room.mia, room.general, "home")
    modal = await room.modal(room.mia)
    assert not humans.fields(modal)["file"]["required"]
    humans.submit(room.fake, room.mia, {})
    sent = await eventually(lambda: room.bot.last(FormSubmitted))
    assert sent.values["file"] == "old text"


async def test_a_file_that_came_before_its_form_is_named_in_it(room: Room) -> None:
    work = Form("q.hand_in/1/1:", "Hand in", (UploadField("file", "A file", value="7:final.pdf"),), draft="d1")
    room.bot.answer = lambda event: Answer(form=work)
    humans.command(room.fake, room.mia, room.general, "home")
    modal = await room.modal(room.mia)
    assert "final.pdf is attached." in modal["components"][0]["description"]


async def test_what_is_too_long_for_a_field_is_kept_where_nothing_is_written(room: Room) -> None:
    long = replace(
        LONG, fields=(replace(LONG.fields[0], value="x" * 5000), replace(LONG.fields[3], value="")), intro=""
    )
    room.bot.answer = lambda event: Answer(form=long)
    humans.command(room.fake, room.mia, room.general, "home")
    modal = await room.modal(room.mia)
    assert "5,000 characters" in modal["components"][0]["description"]
    humans.submit(room.fake, room.mia, {"day": "2026-01-05"})
    sent = await eventually(lambda: room.bot.last(FormSubmitted))
    assert dict(sent.values) == {"text": "x" * 5000, "day": "2026-01-05"}


async def test_a_long_answer_and_its_file_come_whole(room: Room) -> None:
    long = message(*(paragraph(f"{n} " + "word " * 300) for n in range(4)), Document("course.yaml", "course: {}"))
    room.bot.answer = lambda event: Answer(message=long)
    humans.command(room.fake, room.mia, room.general, "home")
    await room.whispered("3 word")
    seen = room.fake.whispered[room.general]
    assert len(seen) > 1
    assert all(m["flags"] == 64 for m in seen)
    assert [a["filename"] for a in seen[-1]["attachments"]] == ["course.yaml"]


async def test_a_form_after_a_form_comes_behind_a_button(room: Room) -> None:
    room.bot.answer = lambda event: Answer(form=FORM)
    humans.command(room.fake, room.mia, room.general, "home")
    await room.modal(room.mia)
    humans.submit(room.fake, room.mia, {"what": "A book"})
    seen = await room.whispered("A present")
    assert humans.labels(seen) == ("Open the form",)


async def test_a_form_from_long_ago_gives_back_what_was_typed(room: Room) -> None:
    room.bot.answer = lambda event: Answer(form=replace(LONG, fields=(*LONG.fields[1:], LONG.fields[0])))
    humans.command(room.fake, room.mia, room.general, "home")
    await room.modal(room.mia)
    humans.submit(room.fake, room.mia, {})
    kept = await room.whispered("Part 1 of 2")
    humans.press(room.fake, room.mia, kept, "Go on")
    await room.modal(room.mia)
    room.bot.drafts.clear()
    humans.submit(room.fake, room.mia, {"text": "Words of mine"})
    seen = await room.whispered("too old")
    assert "Words of mine" in humans.read(seen["content"])


async def test_a_bot_that_fails_says_so(room: Room) -> None:
    def breaks(event: Interaction) -> Answer:
        raise RuntimeError("a mistake of ours")

    room.bot.answer = breaks
    humans.command(room.fake, room.mia, room.general, "home")
    await room.whispered("Something went wrong on our side")

    def away(event: Interaction) -> Answer:
        raise Unavailable

    room.bot.answer = away
    humans.command(room.fake, room.mia, room.general, "home")
    await room.whispered("could not be saved")
