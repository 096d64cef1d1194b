"""The runtime with a small feature of its own: what is promised about events, time and deliveries."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from sqlmodel import Session, select

from adapters.sandbox.adapter import Sandbox
from adapters.sandbox.driver import Chat, Speaker
from adapters.sandbox.platform import Platform
from adapters.sandbox.refusals import BadAct
from bot.core.actions import Action
from bot.core.commands import Param
from bot.core.due import Due, Plan
from bot.core.effects import Below, In
from bot.core.errors import FormRefused, Unavailable
from bot.core.events import MessagePosted, ReactionChanged
from bot.core.feature import Feature, Press, Reply, Submission
from bot.core.message import Button, buttons, message, paragraph
from bot.core.people import ANYONE, Account, Actor, Place
from bot.core.ports import Delivery
from bot.core.time import WoundClock, parse_instant
from bot.core.turn import Turn
from bot.runtime.chat import SLICE, ChatEvents
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from bot.runtime.turns import take_turn
from bot.runtime.voice import voice
from storage.stores.voice import SqlVoice
from storage.tables.inbox import InboxRow
from storage.tables.people import AccountRow, ChannelRow, CohortRow
from storage.unit import SqlStorage
from tests.kit import fresh_database

DAY = date(2026, 1, 5)


@dataclass
class Notes:
    """What the probe saw. Kept in memory on purpose: it shows how often handlers really ran."""

    heard: list[str] = field(default_factory=list)
    rung: list[tuple[str, datetime]] = field(default_factory=list)
    fail: set[str] = field(default_factory=set)


notes = Notes()
probe: Feature[object] = Feature("probe")
GENERAL = In(Place("sandbox", "general"))


@dataclass(frozen=True)
class Post:
    """Post a text."""

    text: Annotated[str, Param("Text", max_length=50)]


@probe.command("post", example="/cohort post hi", roles=ANYONE, needs_cohort=False)
def post(turn: Turn[object], typed: Post) -> Reply:
    notes.heard.append(typed.text)
    if typed.text in notes.fail:
        raise RuntimeError(typed.text)
    turn.show(f"probe/{typed.text}", GENERAL, message(paragraph(typed.text), buttons(_button("again", typed.text))))
    turn.show(f"probe/{typed.text}/below", Below(f"probe/{typed.text}"), message(paragraph("below")))
    return message(paragraph("posted"), buttons(_button("form")))


def _button(name: str, subject: str = "") -> Button:
    return Button(name, Action("probe", name, 0, subject).encode())


@probe.action("again", roles=ANYONE)
def again(turn: Turn[object], press: Press) -> Reply:
    notes.heard.append(f"again {press.subject}")
    turn.show(f"probe/{press.subject}", GENERAL, message(paragraph(f"{press.subject} again")))
    return None


@probe.action("form", roles=ANYONE, lane="form")
def form(turn: Turn[object], press: Press) -> Reply:
    from bot.core.forms import Form, TextField

    return Form(Action("probe", "form").encode(), "A form", (TextField("text", "Text", max_length=20),))


@probe.form("form", roles=ANYONE, replaces=None)
def take(turn: Turn[object], filled: Submission) -> Reply:
    notes.heard.append(filled.values["text"])
    if filled.values["text"] == "no":
        raise FormRefused({"text": "Not this one."})
    return message(paragraph("taken"))


@probe.on(MessagePosted)
def hear(turn: Turn[object], event: MessagePosted) -> None:
    if event.text in notes.fail:
        raise RuntimeError(event.text)
    notes.heard.append(event.text)


@probe.on(ReactionChanged)
def see(turn: Turn[object], event: ReactionChanged) -> None:
    notes.heard.append(f"{event.emoji} on {turn.about}")


@probe.due("ring", within=timedelta(hours=6))
def ring(turn: Turn[object], batch: Sequence[Due]) -> None:
    for due in batch:
        if due.subject in notes.fail:
            raise RuntimeError(due.subject)
        notes.rung.append((due.subject, turn.now))


@probe.due("fold", within=timedelta(days=6), fold=True)
def fold(turn: Turn[object], batch: Sequence[Due]) -> None:
    notes.rung.extend((f"{due.subject} {due.occurrence}", turn.now) for due in batch)


@dataclass
class Bench:
    clock: WoundClock
    platform: Platform
    storage: SqlStorage
    registry: Registry
    runtime: Runtime
    mia: Speaker

    def plan(self, *plans: Plan) -> None:
        def work(turn: Turn[Any]) -> None:
            turn.plan(*plans)

        self.do(work)

    def do(self, work: Any) -> None:
        self.storage.run_now(lambda unit: take_turn(self.registry, unit, "probe", self.clock.now(), work))

    def channel(self) -> list[str]:
        return [s.text for s in self.mia.sees("general") if s.by == "bot" and s.to is None]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    notes.heard.clear()
    notes.rung.clear()
    notes.fail.clear()
    clock = WoundClock(start=parse_instant("2026-01-05T08:00:00Z"))
    platform = Platform(None, clock.now)
    platform.add_channel("general")
    platform.add_channel("elsewhere")
    sandbox = Sandbox(platform)
    storage = SqlStorage(fresh_database(tmp_path), clock, {"probe": lambda s, n: None, "voice": SqlVoice})
    with Session(storage.engine) as session:
        course = (Path(__file__).parent.parent / "courses" / "demo.yaml").read_text()
        session.add(CohortRow(code="demo", title="Demo", course_text=course, zone="UTC", starts_on=DAY, join_code="x"))
        session.flush()
        session.add(ChannelRow(workspace="sandbox", channel="general", cohort=1, purpose="main"))
        session.commit()
    registry = Registry([probe, voice])
    runtime = Runtime(storage, registry, [sandbox], clock)
    sandbox._bot = runtime
    mia = Chat(sandbox, runtime.settle).person("mia", "Mia", "Europe/Berlin")
    yield Bench(clock, platform, storage, registry, runtime, mia)
    storage.close()


# Interactions


async def test_a_repeated_delivery_gets_the_stored_answer(bench: Bench) -> None:
    for _ in range(11):
        reply = await bench.mia.command("post", "one", delivery="d1")
        assert reply.text.startswith("posted")
    assert notes.heard == ["one"]
    assert bench.channel() == ["one\n[again]", "below"]


async def test_a_failed_handler_leaves_nothing_and_says_so(bench: Bench) -> None:
    notes.fail.add("bad")
    reply = await bench.mia.command("post", "bad", delivery="d1")
    assert "nothing was saved" in reply.text
    assert bench.channel() == []
    notes.fail.clear()
    assert (await bench.mia.command("post", "bad")).text.startswith("posted")


async def test_a_missing_parameter_opens_a_form_made_of_the_declaration(bench: Bench) -> None:
    opened = (await bench.mia.command("post")).form
    assert opened is not None
    assert [f.name for f in opened.fields] == ["text"]
    assert (await bench.mia.submit(text="typed")).text.startswith("posted")
    assert notes.heard == ["typed"]


async def test_nothing_typed_is_lost_when_a_form_is_refused(bench: Bench) -> None:
    await bench.mia.press(await bench.mia.command("post", "x"), "form")
    refused = await bench.mia.submit(text="no")
    assert refused.errors == {"text": "Not this one."}
    assert bench.mia.form is not None
    assert bench.mia.form.fields[0].value == "no"
    long = "much longer than twenty characters"
    assert "20 fit" in (await bench.mia.submit(text=long)).errors["text"]
    assert bench.mia.form.fields[0].value == long
    assert (await bench.mia.submit(text="yes")).text == "taken"


async def test_a_command_that_is_too_long_opens_the_form_with_what_was_typed(bench: Bench) -> None:
    typed = "a text of more than fifty characters, typed after the command"
    refused = await bench.mia.command("post", typed)
    assert refused.form is not None
    assert refused.form.fields[0].value == typed
    assert "50 fit" in refused.errors["text"]


# Chat


async def test_a_chat_event_is_handled_once(bench: Bench) -> None:
    for _ in range(11):
        await bench.mia.say("general", "hello", delivery="d1")
    assert notes.heard == ["hello"]


async def test_nothing_is_stored_from_a_channel_of_no_cohort(bench: Bench) -> None:
    said = (await bench.mia.say("elsewhere", "hello")).message
    await bench.mia.edit(said, "hello again")
    await bench.mia.react(said, "✅")
    await bench.mia.delete(said)
    with Session(bench.storage.engine) as session:
        assert not session.exec(select(InboxRow)).all()
        assert not session.exec(select(AccountRow)).all()
    await bench.mia.say("general", "hello")
    assert notes.heard == ["hello"]


async def test_a_failing_event_is_tried_three_times_then_set_aside(bench: Bench) -> None:
    notes.fail.add("bad")
    await bench.mia.say("general", "bad")
    await bench.mia.say("general", "good")
    await bench.runtime.advance(bench.clock.now() + timedelta(minutes=1))
    assert notes.heard == ["good"]
    assert bench.storage.run_now(lambda u: u.inbox.aside()) == 1
    with Session(bench.storage.engine) as session:
        (row,) = session.exec(select(InboxRow).where(InboxRow.state == "aside"))
    # Two tries were counted before the third, the last one.
    # The kind alone: an error's text quotes what people wrote.
    assert (row.tries, row.error) == (2, "RuntimeError")


async def test_a_thread_keeps_its_order_behind_a_failure(bench: Bench) -> None:
    root = (await bench.mia.say("general", "root")).message
    notes.fail.add("first")
    await bench.mia.say("general", "first", thread=root)
    await bench.mia.say("general", "second", thread=root)
    assert notes.heard == ["root"]
    notes.fail.clear()
    await bench.runtime.advance(bench.clock.now() + timedelta(minutes=1))
    assert notes.heard == ["root", "first", "second"]


async def test_handling_gives_way_to_what_arrives(bench: Bench) -> None:
    mia, now = Actor(Account("sandbox", "mia"), "Mia"), bench.clock.now()
    said = [MessagePosted(actor=mia, place=GENERAL.place, id=f"9{n}", at=now, text=f"{n}") for n in range(2 * SLICE)]
    bench.storage.run_now(lambda unit: unit.inbox.add(said, now))
    chat = ChatEvents(bench.registry)
    assert bench.storage.run_now(lambda unit: chat.handle_waiting(unit, now, lambda: True)) == SLICE
    assert bench.storage.run_now(lambda unit: chat.handle_waiting(unit, now, lambda: False)) == SLICE
    assert notes.heard == [f"{n}" for n in range(2 * SLICE)]


async def test_a_reaction_finds_the_anchor_of_what_it_is_on(bench: Bench) -> None:
    await bench.mia.command("post", "one")
    root = bench.mia.find("one", "general")
    await bench.mia.react(root.id, "✅")
    assert notes.heard[-1] == "✅ on probe/one"


async def test_many_events_at_once_share_commits_and_lose_none(bench: Bench) -> None:
    for n in range(50):
        bench.platform.add_person(f"p{n}", f"P{n}", "UTC")
    speakers = [Chat(bench.mia.chat.sandbox).person(f"p{n}") for n in range(50)]
    await asyncio.gather(*(s.say("general", f"text {s.id}") for s in speakers))
    await bench.runtime.settle()
    assert sorted(notes.heard) == sorted(f"text p{n}" for n in range(50))


async def test_what_cannot_be_saved_is_not_acknowledged(bench: Bench, tmp_path: Path) -> None:
    database, aside = tmp_path / "pacekeeper.db", tmp_path / "aside.db"
    bench.storage.engine.dispose()
    database.rename(aside)
    database.mkdir()
    with pytest.raises(Unavailable):
        await Chat(bench.mia.chat.sandbox).person("mia").command("post", "one", delivery="d1")
    database.rmdir()
    aside.rename(database)
    assert (await bench.mia.command("post", "one", delivery="d1")).text.startswith("posted")


# Time


async def test_each_instant_is_played_at_its_own_time(bench: Bench) -> None:
    start = bench.clock.now()
    bench.plan(*(Plan("probe.ring", str(n), "a", start + timedelta(hours=n)) for n in (3, 1, 2)))
    await bench.runtime.advance(start + timedelta(days=1))
    assert notes.rung == [(str(n), start + timedelta(hours=n)) for n in (1, 2, 3)]


async def test_time_may_be_wound_while_the_bot_runs(bench: Bench) -> None:
    start = bench.clock.now()
    await bench.runtime.start()
    bench.plan(*(Plan("probe.ring", str(n), "a", start + timedelta(days=n)) for n in range(1, 30)))
    await bench.runtime.advance(start + timedelta(days=40))
    await bench.runtime.stop()
    assert notes.rung == [(str(n), start + timedelta(days=n)) for n in range(1, 30)]


async def test_after_downtime_the_useful_is_done_and_the_rest_left_out(bench: Bench) -> None:
    start = bench.clock.now()
    bench.plan(*(Plan("probe.ring", str(n), "a", start + timedelta(hours=n)) for n in (1, 20, 23)))
    await bench.runtime.jump(start + timedelta(days=1))
    assert [subject for subject, _ in notes.rung] == ["20", "23"]


async def test_of_several_missed_only_the_newest_where_it_folds(bench: Bench) -> None:
    start = bench.clock.now()
    bench.plan(*(Plan("probe.fold", "s", str(n), start + timedelta(days=n)) for n in (1, 2, 3)))
    await bench.runtime.jump(start + timedelta(days=4))
    assert [subject for subject, _ in notes.rung] == ["s 3"]


async def test_one_bad_row_stops_no_other(bench: Bench) -> None:
    notes.fail.add("2")
    bench.plan(*(Plan("probe.ring", str(n), "a", bench.clock.now()) for n in (1, 2, 3)))
    await bench.runtime.settle()
    assert sorted({subject for subject, _ in notes.rung}) == ["1", "3"]
    assert bench.storage.run_now(lambda u: u.schedule.failed()) == 1
    notes.fail.clear()
    bench.storage.run_now(lambda u: u.schedule.retry())
    await bench.runtime.settle()
    assert notes.rung[-1][0] == "2"


# Deliveries


async def test_a_lost_answer_does_not_double_a_post(bench: Bench) -> None:
    bench.platform.faults.plan("sent-but-timeout", 1)
    await bench.mia.command("post", "one")
    await bench.runtime.advance(bench.clock.now() + timedelta(minutes=5))
    assert bench.channel() == ["one\n[again]", "below"]


async def test_a_busy_platform_is_waited_for(bench: Bench) -> None:
    bench.platform.faults.plan("429", 3)
    await bench.mia.command("post", "one")
    assert bench.channel() == []
    await bench.runtime.advance(bench.clock.now() + timedelta(minutes=5))
    assert bench.channel() == ["one\n[again]", "below"]


async def test_what_cannot_be_delivered_waits_for_the_operator(bench: Bench) -> None:
    with Session(bench.storage.engine) as session:
        # A post for a cohort's own channel would wait for another one to be chosen.
        session.delete(session.exec(select(ChannelRow)).one())
        session.commit()
    bench.platform.faults.plan("gone", 1)
    await bench.mia.command("post", "one")
    (dead,) = bench.storage.run_now(lambda u: u.outbox.dead_deliveries())
    assert dead.anchor == "probe/one"
    bench.storage.run_now(lambda u: u.outbox.retry(None, bench.clock.now()))
    await bench.runtime.settle()
    assert bench.channel() == ["one\n[again]", "below"]


async def test_what_a_dead_run_was_sending_goes_out_at_the_next_start(bench: Bench) -> None:
    for text in ("arrived", "not"):
        bench.do(lambda turn, text=text: turn.show(f"probe/{text}", GENERAL, message(paragraph(text))))
    now = bench.clock.now()
    arrived, _ = (bench.storage.run_now(lambda u: u.outbox.claim("sandbox", (), 10, now))[0] for _ in range(2))
    bench.platform.bot_post(Delivery(arrived.key, "probe/arrived", message(paragraph("arrived")), GENERAL.place))
    await bench.runtime.settle()
    assert bench.channel() == ["arrived"]
    await bench.runtime.start()
    await bench.runtime.settle()
    await bench.runtime.stop()
    assert bench.channel() == ["arrived", "not"]


async def test_every_instant_is_played_while_people_go_on_talking(bench: Bench) -> None:
    start = bench.clock.now()
    instants = [start + timedelta(days=n) for n in range(1, 31)]
    bench.plan(*(Plan("probe.ring", "bell", str(n), at) for n, at in enumerate(instants)))
    await bench.runtime.start()

    async def talk() -> None:
        while True:
            await bench.mia.say("general", "hello")

    talking = asyncio.create_task(talk())
    await bench.runtime.advance(start + timedelta(days=40))
    talking.cancel()
    await bench.runtime.stop()
    assert [at for _, at in notes.rung] == instants


# Channels


async def test_a_group_loses_a_member_and_its_channel_takes_no_more(bench: Bench) -> None:
    leo = bench.mia.chat.person("leo", "Leo", "Europe/Berlin")
    for speaker in (bench.mia, leo):
        await speaker.command("post", "here")
    bench.platform.add_channel("pod", members=["mia", "leo"])
    pod = Place("sandbox", "pod")

    def shrink(turn: Turn[Any]) -> None:
        person = turn.people.owner(Account("sandbox", "leo"))
        assert person is not None
        turn.show("pod/1", In(pod), message(paragraph("One of you goes.")))
        turn.remove_member(pod, person.id)

    for _ in range(2):
        bench.do(shrink)
        await bench.runtime.settle()
    assert bench.platform.room("pod").members == {"mia"}
    for text in ("The end.", "Too late."):
        bench.do(lambda turn, text=text: turn.show(f"pod/{text}", In(pod), message(paragraph(text))))
        bench.do(lambda turn: turn.archive_channel(pod))
        await bench.runtime.settle()
    assert [s.text for s in bench.mia.sees("pod")] == ["One of you goes.", "The end."]
    assert bench.storage.run_now(lambda unit: unit.outbox.is_blocked(pod)), "it waits for the channel to be opened"
    with pytest.raises(BadAct, match="archived"):
        await bench.mia.say("pod", "Hello?")
