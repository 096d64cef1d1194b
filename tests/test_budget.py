"""Who is told what when, as a table: what waits, what was sent, and the instant give a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.message import message, paragraph
from bot.core.people import Role
from bot.core.voice import Awaited, Card, Line, Notice, Rank
from bot.runtime.budget import Reader, Sent, Waiting, decide, root_fits

LEARNER = Reader(Role.LEARNER, "UTC", time(9))
AWAY = Reader(Role.LEARNER, "UTC", time(9), frozenset({1}), frozenset({1}))
SILENT = Reader(Role.LEARNER, "UTC", time(9), frozenset({1}))
INSTRUCTOR = Reader(Role.INSTRUCTOR, "UTC", time(9))


def on(day: str, hour: int = 9) -> datetime:
    """An instant in the week that begins on Monday 5 January, 'next mon' being in the one after."""
    days = {"mon": 5, "tue": 6, "wed": 7, "thu": 8, "fri": 9, "sat": 10, "sun": 11, "next mon": 12}
    return datetime(2026, 1, days[day], hour, tzinfo=UTC)


NOW = on("wed")
LATER = NOW + timedelta(days=30)


def waits(notice: Notice, at: datetime = NOW) -> Waiting:
    return Waiting(None, notice, notice.at if isinstance(notice, Card) else at)


def card(name: str, until: datetime = LATER, at: datetime = NOW, rank: Rank = "core", **more: object) -> Waiting:
    return waits(Card(1, 1, name, message(paragraph(name)), at, until, rank=rank, **more))  # type: ignore[arg-type]


def ballot(until: datetime = LATER, **more: object) -> Waiting:
    """A card of a feature that says nothing about its rank."""
    return waits(Card(1, 1, "ballot", message(paragraph("ballot")), NOW, until, **more))  # type: ignore[arg-type]


def line(name: str, until: datetime = LATER, at: datetime = NOW, urgent: bool = False) -> Waiting:
    return waits(Line(1, 1, name, (name,), until, urgent=urgent), at)


def news(name: str, *dates: datetime | None) -> Waiting:
    """The news that a date moves, or (one date) that it is there no more."""
    old, new = (*dates, None)[:2]
    return waits(Line(1, 1, name, (name,), LATER, moved=(old, new)))


def answer(name: str, until: datetime = LATER, at: datetime = NOW) -> Waiting:
    return waits(Awaited(1, 1, name, (name,), until), at)


def sent(*days: str) -> list[Sent]:
    return [Sent(on(day, 8), Role.LEARNER) for day in days]


@dataclass(frozen=True)
class Case:
    """`says` is what goes out now, in order; `drops` what never will, with the reason; `again` the next decision."""

    name: str
    waiting: Sequence[Waiting]
    sent: Sequence[Sent] = ()
    ahead: Sequence[datetime] = ()
    reader: Reader = LEARNER
    says: str = ""
    drops: str = ""
    again: datetime | None = None
    awaited: bool = False


CASES = [
    Case("a card is sent at its time", [card("a")], says="a"),
    Case("a card that is ahead waits", [card("a", at=on("thu"))]),
    Case("one card a day", [card("a")], sent=sent("wed"), again=on("thu")),
    Case("three cards a week", [card("a")], sent=sent("mon", "tue", "wed"), again=on("next mon")),
    Case("last week does not count", [card("a")], sent=[Sent(on("mon") - timedelta(days=1), Role.LEARNER)], says="a"),
    Case("another role does not count", [card("a")], sent=[Sent(NOW, Role.MANAGER)], says="a"),
    Case("of two, the second waits for tomorrow", [card("a"), card("b")], says="a", again=on("thu")),
    Case("what ends first is first", [card("a"), card("b", until=on("fri"))], says="b", again=on("thu")),
    Case("a first card precedes, and the week's card keeps its day below it",
         [card("a", until=on("fri")), card("b", rank="first")], says="b a"),
    Case("two first cards come on two days", [card("a", rank="first"), card("b", rank="first")], says="a",
         again=on("thu")),
    Case("what came too late is dropped", [card("a", until=NOW)], drops="a: too late"),
    # Cards that join
    Case("a prompt joins the week's card", [card("prompt", until=on("thu"), joins=True), card("week")],
         says="week prompt"),
    Case("two prompts stay apart", [card("a", joins=True), card("b", joins=True)], says="a", again=on("thu")),
    Case("a reminder joins a prompt", [card("prompt", joins=True), card("r", rank="spare", joins=True)],
         says="prompt r"),
    Case("a reminder waits for a card of today", [card("r", rank="spare", joins=True)], ahead=[on("wed", 16)],
         again=on("wed", 16)),
    Case("a prompt waits for its day with the week's card", [card("prompt", joins=True), card("week")],
         sent=sent("wed"), again=on("thu")),
    # Cards that ride
    Case("another feature's card takes no message of its own", [ballot()], again=LATER),
    Case("not even if it could join", [ballot(joins=True)], ahead=[on("fri")], again=LATER),
    Case("it rides on the week's card", [ballot(), card("week")], says="week ballot"),
    Case("it rides on a prompt", [ballot(), card("prompt", joins=True)], says="prompt ballot"),
    Case("it rides on a reminder", [ballot(), card("r", rank="spare", joins=True)], says="r ballot"),
    Case("it rides on a first card, below the week's", [ballot(), card("back", rank="first"), card("week")],
         says="back week ballot"),
    Case("it waits with a card that is put off", [ballot(), card("a")], sent=sent("wed"), again=on("thu")),
    Case("it does not ride on lines", [ballot(), line("l")], says="l", again=LATER),
    Case("without a card in time it is dropped", [ballot(until=NOW)], drops="ballot: too late"),
    Case("it rides on the desk, whatever cohort that names",
         [waits(Card(1, 2, "desk", message(), NOW, LATER, Role.INSTRUCTOR, "core")),
          ballot(role=Role.INSTRUCTOR)], reader=INSTRUCTOR, says="desk ballot"),
    # Spare cards
    Case("a spare card is sent where there is room", [card("s", rank="spare")], ahead=[on("fri")], says="s"),
    Case("a spare card gives way to today's card", [card("s", rank="spare"), card("a")], says="a",
         drops="s: no room"),
    Case("a spare card gives way to a later card of today", [card("s", rank="spare")], ahead=[on("wed", 16)],
         drops="s: no room"),
    Case("a spare card gives way to the week's cards", [card("s", rank="spare")], sent=sent("mon"),
         ahead=[on("fri"), on("sat")], drops="s: no room"),
    Case("two cards ahead on one day need one message", [card("s", rank="spare")], sent=sent("mon"),
         ahead=[on("fri"), on("fri", 16)], says="s"),
    Case("next week's cards need no message of this week", [card("s", rank="spare")], sent=sent("mon", "tue"),
         ahead=[on("next mon")], says="s"),
    Case("a spare card is not put off", [card("s", rank="spare")], sent=sent("wed"), drops="s: no room"),
    # Lines
    Case("lines go with a card", [line("l", at=on("thu")), card("a")], says="a l"),
    Case("a line is said alone at its hour", [line("l"), line("m", at=on("thu"))], says="l m"),
    Case("a line waits for its hour", [line("l", at=on("thu"))]),
    Case("a line waits for today's card", [line("l")], ahead=[on("wed", 16)], again=on("wed", 16)),
    Case("lines leave the week to its cards and a reminder", [line("l")], sent=sent("mon"), ahead=[on("fri")],
         again=on("fri")),
    Case("also where no card is ahead in the week", [line("l")], sent=sent("mon", "tue"), again=on("next mon")),
    Case("nor does a line that the next card would bring too late take the place of a reminder",
         [line("l", until=on("thu"))], sent=sent("mon"), ahead=[on("fri")], again=on("fri")),
    Case("news of a date waits for a card until the date is near", [news("n", on("sat", 8))], sent=sent("mon"),
         ahead=[on("fri")], again=on("thu")),
    Case("it is then told by itself, beyond the budget", [news("n", on("fri", 8))], sent=sent("mon", "tue"),
         ahead=[on("fri")], says="n", awaited=True),
    Case("of two dates the sooner one counts", [news("n", on("fri", 8), on("next mon"))], sent=sent("mon", "tue"),
         ahead=[on("fri")], says="n", awaited=True),
    Case("and one that has passed does not", [news("n", on("mon"), on("next mon", 8))], sent=sent("mon"),
         ahead=[on("sun")], again=on("sat")),
    Case("so has work that is new", [news("n", None, on("fri", 8))], sent=sent("mon", "tue"), ahead=[on("fri")],
         says="n", awaited=True),
    Case("lines go with the card that is put off", [line("l"), card("a")], sent=sent("wed"), again=on("thu")),
    Case("an urgent line exceeds the budget", [line("l", urgent=True)], sent=sent("mon", "tue", "wed"), says="l",
         awaited=True),
    Case("an urgent line takes a card along", [line("l", urgent=True), card("a")], sent=sent("wed"), says="a l"),
    # What is awaited
    Case("what is awaited comes at the person's hour", [answer("x"), answer("y", at=on("thu"))], says="x y",
         awaited=True),
    Case("it waits for that hour", [answer("x", at=on("thu"))]),
    Case("it costs none of the week's messages", [answer("x")], sent=sent("mon", "tue", "wed"), says="x",
         awaited=True),
    Case("it comes once a day", [answer("x")], sent=[Sent(on("wed", 8), Role.LEARNER, awaited=True)],
         again=on("thu")),
    Case("it holds no card back", [card("a")], sent=[Sent(on("wed", 8), Role.LEARNER, awaited=True)], says="a"),
    Case("it goes with a card", [answer("x", at=on("thu")), card("a")], says="a x"),
    Case("it takes lines along", [answer("x"), line("l")], ahead=[on("wed", 16)], says="x l",
         again=on("wed", 16), awaited=True),
    Case("it does not wait with a card that is put off", [answer("x"), card("a")], sent=sent("wed"), says="x",
         again=on("thu"), awaited=True),
    # Away or silent
    Case("who is away hears nothing", [card("a"), line("l")], reader=AWAY, drops="a: away l: away"),
    Case("but a change stays until they are back, whatever its time",
         [news("n", on("fri", 8)), news("m", on("fri", 9))], reader=AWAY),
    Case("unless its dates are over by then", [news("n", on("mon"))], reader=AWAY, drops="n: away"),
    Case("and over for everybody", [news("n", on("mon"))], drops="n: too late"),
    Case("also for who has fallen silent", [news("n", on("fri", 8))], reader=SILENT),
    Case("but what is about just that", [card("a", rank="first")], reader=AWAY, says="a"),
    Case("what is awaited waits for them", [answer("x")], reader=AWAY, again=on("thu")),
    Case("and reaches who has fallen silent", [answer("x")], reader=SILENT, says="x", awaited=True),
    # The course team
    Case("an instructor hears once a workday", [waits(Card(1, 1, "a", message(), NOW, LATER, Role.INSTRUCTOR, "core"))],
         sent=[Sent(NOW, Role.INSTRUCTOR)], reader=INSTRUCTOR, again=on("thu")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_decision(case: Case) -> None:
    found = decide(case.waiting, case.sent, case.ahead, NOW, case.reader)
    assert " ".join(one.notice.key for one in (*found.cards, *found.lines)) == case.says
    assert " ".join(f"{one.notice.key}: {why}" for one, why in found.dropped) == case.drops
    assert (found.again, found.awaited) == (case.again, case.awaited)


@pytest.mark.parametrize(
    ("posts", "fits"),
    [
        ([], True),
        ([on("mon"), on("tue")], True),
        ([on("mon"), on("mon"), on("tue")], False),
        ([on("mon") - timedelta(days=1)] * 3, True),
    ],
)
def test_a_channel_gets_three_root_posts_a_week(posts: list[datetime], fits: bool) -> None:
    assert root_fits(posts, NOW, "UTC") is fits
