"""One suite for every platform: the same messages go out, the same gestures come in."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, get_args

import pytest

from adapters.discord import events as discord_events
from adapters.slack import events as slack_events
from bot.core.commands import Command
from bot.core.contributions import DeskItem, Pile
from bot.core.errors import Blocked, PersonGone, RateLimited, TargetGone, Unavailable
from bot.core.events import (
    MEDIA,
    AccountChanged,
    ButtonPressed,
    CommandIssued,
    FormSubmitted,
    Interaction,
    Medium,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from bot.core.forms import ChannelField, Form, TextField
from bot.core.message import Bold, Button, Mention, Message, bullets, buttons, heading, message, paragraph, quote
from bot.core.people import Cohort, MessageRef, Place
from bot.core.plain import plain
from bot.core.ports import Answer, Delivery, Sent
from bot.features.digests import desk_rules, desk_views
from bot.features.digests.store import Desk
from tests.discord import fake_world
from tests.platforms.people import Failure, Seen, Stage
from tests.slack import humans
from tests.waiting import eventually

T = TypeVar("T")

HELLO = message(heading("Week 3"), paragraph("Hello, ", Bold("all"), "."), buttons(Button("Ask", "q.ask/1/1:")))


@dataclass(frozen=True)
class Ask:
    """Ask a question."""


COMMANDS = (Command("ask", "questions", Ask, "/cohort ask", frozenset(), "form", False),)


def to_channel(stage: Stage, said: Message, key: str = "k1", channel: str = "general") -> Delivery:
    return Delivery(key, "week/3", said, place=stage.place(channel))


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Does something as the outbox does it: where the platform asks to wait, it waits."""
    while True:
        try:
            return await do()
        except RateLimited as e:
            await asyncio.sleep(e.retry_after.total_seconds())


async def post(stage: Stage, delivery: Delivery) -> Sent:
    return await patiently(lambda: stage.adapter.post(delivery))


async def shown(stage: Stage, words: str, where: str = "general", who: str = "mia", below: str | None = None) -> Seen:
    async def look() -> Seen | None:
        return next((s for s in await stage.people.sees(who, where, below) if words in s.text), None)

    return await eventually(look)


async def test_a_message_is_posted_and_everybody_sees_it(stage: Stage) -> None:
    sent = await post(stage, to_channel(stage, HELLO))
    assert len(sent.refs) == 1
    for who in ("mia", "ben"):
        seen = await shown(stage, "Hello, all.", who=who)
        assert seen.id == sent.refs[0].id
        assert "Week 3" in seen.text
        assert (seen.buttons, seen.by_bot, seen.private) == (("Ask",), True, False)


async def test_a_refusal_says_what_becomes_of_the_message(stage: Stage) -> None:
    outcomes: dict[Failure, type[Exception]] = {
        "gone": TargetGone,
        "waits": Blocked,
        "paused": RateLimited,
        "tried again": Unavailable,
    }
    for how, error in outcomes.items():
        stage.fail(how)
        with pytest.raises(error):
            await stage.adapter.post(to_channel(stage, HELLO))
    sent = await post(stage, to_channel(stage, HELLO))
    assert [s.id for s in await stage.people.sees("mia", "general") if s.by_bot] == [sent.refs[0].id]


async def test_what_is_for_somebody_who_left_has_no_reader(stage: Stage) -> None:
    said = Delivery("k1", "card/1", HELLO, account=stage.account("mia"))
    await post(stage, said)
    stage.leave("mia")
    with pytest.raises(PersonGone):
        await post(stage, replace(said, key="k2"))
    assert (await post(stage, to_channel(stage, HELLO, "k3"))).refs


async def test_it_is_edited_in_place_and_taken_away(stage: Stage) -> None:
    sent = await post(stage, to_channel(stage, HELLO))
    await shown(stage, "Hello")
    again = await patiently(lambda: stage.adapter.edit(to_channel(stage, message(paragraph("It is over."))), sent.refs))
    assert again.refs == sent.refs
    seen = await shown(stage, "It is over.")
    assert (seen.id, seen.buttons) == (sent.refs[0].id, ())
    await patiently(lambda: stage.adapter.delete(sent.refs))

    async def gone() -> bool:
        return not [s for s in await stage.people.sees("mia", "general") if s.by_bot]

    await eventually(gone)


async def test_a_thread_hangs_below_its_root(stage: Stage) -> None:
    root = (await post(stage, to_channel(stage, HELLO))).refs[0]
    below = Place(root.workspace, root.channel, root.id)
    await post(stage, Delivery("k2", "", message(paragraph("More.")), place=below))
    assert (await shown(stage, "More.", below=root.id)).by_bot
    said = await stage.people.say("ben", "general", "Thanks!", below=root.id)
    posted = await eventually(lambda: stage.bot.last(MessagePosted))
    assert (posted.id, posted.text, posted.place.thread) == (said, "Thanks!", root.id)


async def test_what_is_said_is_heard_once_with_who_and_where(stage: Stage) -> None:
    said = await stage.people.say("ben", "questions", "How long is the report?")
    posted = await eventually(lambda: stage.bot.last(MessagePosted))
    assert (posted.id, posted.text, posted.place) == (said, "How long is the report?", stage.place("questions"))
    assert posted.actor.account == stage.account("ben")

    async def named() -> bool:
        # A profile that takes a while to be read follows.
        return "Ben" in [posted.actor.name, *(e.actor.name for e in stage.bot.all(AccountChanged))]

    await eventually(named)
    assert posted.actor.zone in ("Asia/Kolkata", None)  # None: the platform does not know zones, or not yet


async def test_edits_and_deletions_are_followed(stage: Stage) -> None:
    said = await stage.people.say("mia", "questions", "Is it due on Firday?")
    await stage.people.edit("mia", "questions", said, "Is it due on Friday?")
    edited = await eventually(lambda: stage.bot.last(MessageEdited))
    assert (edited.id, edited.text, edited.actor.account) == (said, "Is it due on Friday?", stage.account("mia"))
    await stage.people.edit("mia", "questions", said, "Is it due on Friday at noon?")

    async def twice() -> bool:
        return len(stage.bot.all(MessageEdited)) == 2

    await eventually(twice)
    await stage.people.delete("mia", "questions", said)
    deleted = await eventually(lambda: stage.bot.last(MessageDeleted))
    assert (deleted.id, deleted.place.channel) == (said, edited.place.channel)


async def test_reactions_come_and_go_both_ways(stage: Stage) -> None:
    said = await stage.people.say("mia", "questions", "Is it due on Friday?")
    await stage.people.react("ben", "questions", said, "✅")
    put = await eventually(lambda: stage.bot.last(ReactionChanged))
    assert (put.id, put.emoji.replace("\ufe0f", ""), put.added) == (said, "✅", True)
    assert put.actor.account == stage.account("ben")
    await stage.people.react("ben", "questions", said, "✅", on=False)

    async def taken() -> bool:
        return [r.added for r in stage.bot.all(ReactionChanged)] == [True, False]

    await eventually(taken)
    ref = MessageRef(put.place.workspace, put.place.channel, said)
    await patiently(lambda: stage.adapter.react(ref, "👀", True))
    await stage.adapter.react(ref, "👀", True)  # a second time changes nothing, and is no error
    await patiently(lambda: stage.adapter.react(ref, "👀", False))


async def test_a_direct_message_both_ways(stage: Stage) -> None:
    private = Delivery("k3", "card", message(paragraph("For you alone.")), account=stage.account("mia"))
    sent = await post(stage, private)
    assert (await shown(stage, "For you alone.", "dm")).id == sent.refs[0].id
    assert not [s for s in await stage.people.sees("ben", "dm") if "For you alone" in s.text]
    await stage.people.say("mia", "dm", "I finished the case.")
    posted = await eventually(lambda: stage.bot.last(MessagePosted))
    assert posted.place.direct
    assert posted.place.channel == sent.refs[0].channel


FORWARDED = "Somebody else's words."


@pytest.mark.parametrize("where", ["dm", "questions"])
async def test_what_is_no_words_is_known_for_what_it_is(stage: Stage, where: str) -> None:
    """A picture's caption is its text, and so is what was forwarded; no name of a file is."""
    for number, medium in enumerate(stage.media, 1):
        caption = "It looks like this." if medium == "image" else ""
        await stage.people.send("mia", where, medium, caption)

        async def heard(number: int = number) -> bool:
            return len(stage.bot.all(MessagePosted)) == number

        await eventually(heard)
        posted = stage.bot.all(MessagePosted)[-1]
        text = FORWARDED if medium == "forward" else caption
        assert (posted.medium, posted.text, posted.place.direct) == (medium, text, where == "dm")


def test_a_kind_of_message_is_known_wherever_it_has_to_be() -> None:
    """CONTRIBUTING names the places ('Changing an adapter'); this names the one that is missing."""
    kinds = get_args(Medium)
    assert ("text", *MEDIA) == kinds, "MEDIA in bot/core/events.py"
    page = (Path(__file__).parents[2] / "docs/INTERFACE.md").read_text()
    (said,) = [item for item in page.split("\n- ") if item.startswith("`kind` says")]
    assert set(re.findall(r"`(\w+)`", said.partition(".")[0])) == {"kind", *kinds}, "docs/INTERFACE.md"
    for read, fake in ((discord_events.medium, fake_world.MEDIA), (slack_events.medium, humans.MEDIA)):
        returned = set(re.findall(r'(?:return|else) "(\w+)"', inspect.getsource(read)))
        assert returned == {"text", *fake}, (
            f"{read.__module__}, and the messages of {read.__module__.split('.')[1]}'s tests"
        )


FORM = Form(
    "questions.ask/1/1:",
    "Ask a question",
    (TextField("text", "Your question", long=True), TextField("topic", "Topic", required=False)),
)


def asks(event: Interaction) -> Answer:
    """A small course of its own: a command opens the form, which wants more than one word."""
    if isinstance(event, CommandIssued | ButtonPressed):
        return Answer(form=replace(FORM, draft="d1"))
    if isinstance(event, FormSubmitted) and " " not in event.values["text"]:
        form = replace(FORM.filled(event.values), draft="d1")
        return Answer(form=form, problems={"text": "One word is not enough. Please say more."})
    return Answer(message=message(paragraph("Thank you. It is posted.")))


async def test_a_form_is_opened_refused_corrected_and_sent(stage: Stage) -> None:
    stage.bot.commands, stage.bot.answer = COMMANDS, asks
    await stage.restart()
    await stage.people.command("mia", "general", "ask")
    opened = await eventually(lambda: stage.people.form("mia"))
    assert "Ask" in opened.title
    await stage.people.submit("mia", {"text": "Why?", "topic": "grading"})

    async def refused() -> bool:
        return "One word is not enough" in await stage.people.problems("mia")

    await eventually(refused)
    assert not stage.bot.all(FormSubmitted)  # nothing was taken
    reopened = await stage.people.reopen("mia")
    assert reopened.values["topic"] == "grading"  # and nothing typed is lost
    assert reopened.values["text"] == "Why?"
    await stage.people.submit("mia", {"text": "Why is it due on Friday?"})
    submitted = await eventually(lambda: stage.bot.last(FormSubmitted))
    assert submitted.values == {"text": "Why is it due on Friday?", "topic": "grading"}
    assert (submitted.action, submitted.draft, submitted.place) == (FORM.action, "d1", stage.place("general"))
    answer = await shown(stage, "Thank you. It is posted.")
    assert answer.private
    assert not [s for s in await stage.people.sees("ben", "general") if "Thank you" in s.text]


CHOICE = Form(
    "enrolment.channel/1/1:",
    "Choose a channel",
    (ChannelField("channel", "Channel"), TextField("why", "Why?", required=False)),
    draft="d1",
)


@pytest.mark.parametrize("where", ["general", "dm"])
async def test_a_channel_is_chosen_from_the_list_of_the_platform(stage: Stage, where: str) -> None:
    """Where the bot cannot write, the form says what to do, and another channel is chosen."""
    stage.bot.commands = COMMANDS
    stage.bot.answer = lambda event: Answer(form=CHOICE) if isinstance(event, CommandIssued) else Answer()
    await stage.restart()
    stage.close("questions")
    await stage.people.command("mia", where, "ask")
    await eventually(lambda: stage.people.form("mia"))
    await stage.people.submit("mia", {"channel": stage.place("questions").channel, "why": "It is ours."})

    async def refused() -> bool:
        problem = await stage.people.problems("mia")
        return any(words in problem for words in ("choose another", "not archived"))

    await eventually(refused)
    assert not stage.bot.all(FormSubmitted)
    assert (await stage.people.reopen("mia")).values["why"] == "It is ours."
    await stage.people.submit("mia", {"channel": stage.place("general").channel})
    submitted = await eventually(lambda: stage.bot.last(FormSubmitted))
    assert submitted.values["channel"] == stage.place("general").channel


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    sent = await post(stage, to_channel(stage, HELLO))
    await shown(stage, "Hello")
    await stage.restart()
    await stage.people.press("mia", "general", "Ask")
    pressed = await eventually(lambda: stage.bot.last(ButtonPressed))
    assert (pressed.action, pressed.message) == ("q.ask/1/1:", sent.refs[0])
    assert pressed.actor.account == stage.account("mia")
    assert pressed.place == stage.place("general")


async def test_what_was_missed_is_fetched(stage: Stage) -> None:
    before = await stage.people.say("mia", "questions", "Is anybody here?")
    await eventually(lambda: stage.bot.last(MessagePosted))

    async def while_nobody_runs() -> None:
        await stage.people.say("ben", "questions", "How long is the report?")
        await stage.people.say("ben", "questions", "I am.", below=before)

    stage.bot.watch(stage.place("questions"), before)
    await stage.restart(while_nobody_runs)

    async def all_three() -> bool:
        return len(stage.bot.all(MessagePosted)) == 3

    await eventually(all_three)
    texts = {p.text: p.place.thread for p in stage.bot.all(MessagePosted)}
    assert texts == {"Is anybody here?": None, "How long is the report?": None, "I am.": before}


async def test_what_is_too_long_is_split_and_nothing_is_lost(stage: Stage) -> None:
    lines = [f"{n}. {'word ' * 30}" for n in range(1, 201)]
    long = message(heading("The report"), bullets(*lines), buttons(Button("Edit", "w.edit/1/1:")))
    sent = await post(stage, to_channel(stage, long))
    root = sent.refs[0].id

    async def everything() -> str | None:
        seen = [s for s in await stage.people.sees("mia", "general") if s.by_bot]
        below = await stage.people.sees("mia", "general", below=root)
        ids = {ref.id for ref in sent.refs}
        text = "\n".join(s.text for s in [*seen, *below] if s.id in ids)
        return text if "200. word" in text else None

    text = await eventually(everything)
    assert all(f"{n}. word" in text for n in range(1, 201))
    # Edited to something short, what was over goes away.
    again = await patiently(lambda: stage.adapter.edit(to_channel(stage, HELLO), sent.refs))
    assert len(again.refs) == 1


async def test_what_a_person_typed_calls_nobody_and_formats_nothing(stage: Stage) -> None:
    typed = "<!channel> @everyone @here <@U1> <@&9> [x](https://e.vil) *b* _i_ ~s~ my_pkg <b>x</b> & > q"
    said = message(
        quote(typed + "\n```\n  pip install my_pkg\n```\n1. done, `a_b`"), paragraph(Mention(7, "Mia"), " asks")
    )
    await post(stage, replace(to_channel(stage, said), mentions={7: stage.account("mia")}))
    seen = await shown(stage, "asks")
    assert seen.calls == ("mia",)
    assert typed.replace("> q", "") in seen.text
    assert "  pip install my_pkg\n" in seen.text
    assert "1. done, " in seen.text


TYPED = (
    "Is *this* **bold**, _that_ slanted, ~~this~~ gone, and my_pkg_name a name?",
    "<b>HTML</b> & &amp; &lt;i&gt; <script>alert(1)</script>",
    "@everyone @here <!channel> <@U0BEN> <@&9> <#C1> <https://e.vil|bank.example> [bank](https://e.vil)",
    "https://example.org/a_b_c?x=*1*&y=<2>",
    "# no heading",
    "- no list\n1. nor this one\n10) nor that",
    "> no quote",
    "A backslash \\ and \\* two, |a||b|, $x^2$, and ¯\\_(ツ)_/¯",
    "\u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627 and \U0001f469\u200d\U0001f4bb",
)


@pytest.mark.parametrize("typed", TYPED)
async def test_what_is_typed_is_copied_as_it_was_typed(stage: Stage, typed: str) -> None:
    """From the person to the bot and back into the chat, where another person copies it."""
    await stage.people.say("mia", "questions", typed)
    posted = await eventually(lambda: stage.bot.last(MessagePosted))
    await post(stage, to_channel(stage, message(paragraph("Mia asks"), quote(posted.text))))
    seen = await shown(stage, "Mia asks", who="ben")
    assert seen.calls == ()
    assert all(line in seen.text for line in typed.splitlines())


async def test_a_whisper_is_for_one_person(stage: Stage) -> None:
    """Where the platform can. Elsewhere it stands behind a button that only its reader can open."""
    said = message(paragraph("Between us."))
    await patiently(
        lambda: stage.adapter.whisper(
            Delivery("k5", "", said, place=stage.place("questions"), account=stage.account("mia"))
        )
    )
    assert not [s for s in await stage.people.sees("ben", "questions") if "Between us" in s.text]


async def test_what_arrived_is_found_again_by_its_key(stage: Stage) -> None:
    delivery = to_channel(stage, HELLO, key="k9")
    assert await patiently(lambda: stage.adapter.find(delivery)) is None
    sent = await post(stage, delivery)
    assert await patiently(lambda: stage.adapter.find(delivery)) == sent


async def test_a_message_that_is_gone_is_said_to_be_gone(stage: Stage) -> None:
    sent = await post(stage, to_channel(stage, HELLO))
    await patiently(lambda: stage.adapter.delete(sent.refs))
    with pytest.raises(TargetGone):
        await patiently(lambda: stage.adapter.edit(to_channel(stage, HELLO), sent.refs))
    await stage.adapter.delete(sent.refs)  # twice is no error


async def test_a_link_leads_to_a_message(stage: Stage) -> None:
    sent = await post(stage, to_channel(stage, HELLO))
    address = stage.adapter.link(sent.refs[0])
    assert address
    assert sent.refs[0].id.replace(".", "") in address


def full_desk(cohort: int) -> Desk:
    """Six piles of six things, each with words, a hint and three buttons."""
    now = datetime(2026, 1, 9, tzinfo=UTC)
    piles = []
    for p in range(6):
        acts = [
            Button(label, f"questions.take/1/{cohort}:{p}.{n}") for n, label in enumerate(("Send it", "Look", "Mine"))
        ]
        items = [
            DeskItem(f"pile{p}/{n}", now, ("Mia, a piece of work",), "Words, *many* of them. " * 20, ("A hint",), acts)
            for n in range(6)
        ]
        piles.append(Pile(f"pile{p}", (f"Pile {p}",), items, buttons=acts[:1], can_be_seen=True))
    return Desk(Cohort(cohort, f"c{cohort}", f"Course {cohort}", "", "UTC", now.date()), piles)


@pytest.mark.parametrize("cohorts", [1, 3])
async def test_a_full_desk_takes_two_messages_at_most(stage: Stage, cohorts: int) -> None:
    now = datetime(2026, 1, 9, tzinfo=UTC)
    desk = desk_views.desk(desk_rules.next_sheet([full_desk(n) for n in range(1, cohorts + 1)], {}), "Friday", now)
    sent = await post(stage, to_channel(stage, desk))
    assert len(sent.refs) <= 2
    said = plain(desk)
    for p in range(6):
        assert sum(int(n) for n in re.findall(rf"Pile {p}: (\d+) new", said)) == 6 * cohorts


async def test_people_are_found_by_id_and_by_name(stage: Stage) -> None:
    mia = stage.account("mia")
    found = await stage.adapter.look_up(mia.workspace, [mia.user, "Mia", "nobody@example.org", "Nobody", "None"])
    assert found is not None
    assert {name: [actor.account for actor in actors] for name, actors in found.items()} == {
        mia.user: [mia],
        "Mia": [mia],
        "nobody@example.org": [],
        "Nobody": [],
        "None": [],
    }
    assert await stage.adapter.look_up("elsewhere", ["Mia"]) is None
