"""Looks at an export and a calendar, and says what they show. Nothing of them is kept, and nobody is named."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.importing import Read, spool_files
from bot.app.look import answers, calendars, calls, questions, reading, zones
from bot.app.look.hiding import Hiding, usual_words
from bot.core.errors import PacekeeperError
from bot.core.history import PastPerson, PastThread
from bot.core.time import local_day, say_day
from storage.stores.spool import Spool

if TYPE_CHECKING:
    from storage.search.model import Model

MOST_SHOWN = 30
"""Repeated questions, and unanswered ones, that are shown; more are counted."""

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it can be quoted."""

    text: str
    times: int
    people: int
    answered: int
    last: date

    def as_json(self) -> dict[str, object]:
        return {
            "question": self.text,
            "asked": self.times,
            "people": self.people,
            "answered": self.answered,
            "last": self.last.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Unanswered:
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class Look:
    """What was found. `zones`: zone -> people who wrote. `calls` is None without a calendar, else oldest first.
    `weeks`: Monday -> minutes of calls. `left_out`: why events are no calls here, with their number."""

    read: Read
    people: int
    begins: datetime | None
    ends: datetime | None
    zones: Mapping[str, int]
    by_meaning: bool
    repeated: Sequence[Question]
    repeated_in_all: int
    answers: answers.Answers
    unanswered: Sequence[Unanswered]
    calls: Sequence[calls.Call] | None
    weeks: Mapping[date, int]
    left_out: Mapping[str, int]
    broken_events: int
    apart: bool = False
    """The calls are of another time than the chat."""

    @property
    def zone(self) -> str:
        return self.answers.zone

    @property
    def minutes_a_week(self) -> int:
        """The mean over the weeks from the first call to the last one."""
        return round(sum(self.weeks.values()) / len(self.weeks)) if self.weeks else 0

    @property
    def could_go(self) -> int:
        """The part of `minutes_a_week` that goes as well in everybody's own time."""
        gone = [call for call in self.calls or () if call.verdict == "substitutable"]
        minutes = sum(minutes for call in gone for _, minutes in call.event.times)
        return round(minutes / len(self.weeks)) if self.weeks else 0

    @property
    def at_night(self) -> int:
        """How many calls are outside waking hours for somebody."""
        return sum(bool(call.outside) for call in self.calls or ())

    def counted(self, verdict: str) -> int:
        return sum(call.verdict == verdict for call in self.calls or ())

    @property
    def notes(self) -> list[str]:
        """What these figures leave out, or could not know."""
        return [*self._of_chat(), *(self._of_calendar() if self.calls is not None else ())]

    def _of_chat(self) -> list[str]:
        found = [f"Left out {why}: {number:,} messages." for why, number in sorted(self.read.left_out.items())]
        if not self.by_meaning:
            found.append("Questions were compared by their words alone: the sentence model is not installed.")
        if self.read.lost:
            found.append(f"Replies to something that is not in the export: {self.read.lost:,}.")
        found += [f"Could not be read: {one.where}: {one.why}." for one in self.read.unread[:5]]
        if self.read.broken > 5:
            found.append(f"Parts that could not be read: {self.read.broken:,} in all.")
        return found

    def _of_calendar(self) -> list[str]:
        found = [f"Events that are left out ({why}): {number:,}." for why, number in sorted(self.left_out.items())]
        if self.apart:
            found.append(
                "The calendar is of another time than the chat, so what people wrote says nothing about these calls. "
                "Take both of the same run."
            )
        if self.broken_events:
            found.append(f"Events that could not be read: {self.broken_events:,}.")
        if not self.zones:
            found.append(
                "The export names nobody's time zone, so nothing can be said about calls at night. Write a CSV of "
                "account,zone and add --zones FILE."
            )
        elif (known := sum(self.zones.values())) < self.people:
            found.append(f"Time zones are known of {known:,} of the {self.people:,} people who wrote.")
        return found

    def as_json(self) -> dict[str, object]:
        def day(at: datetime | None) -> str | None:
            return local_day(at, self.zone).isoformat() if at else None

        return {
            "export": {
                "messages": self.read.messages,
                "people": self.people,
                "from": day(self.begins),
                "until": day(self.ends),
                "zones": dict(self.zones),
            },
            "questions": [one.as_json() for one in self.repeated],
            "answers": self.answers.as_json(),
            "unanswered": [{"question": one.text, "on": one.on.isoformat()} for one in self.unanswered],
            "calls": [one.as_json() for one in self.calls or ()],
            "live": {
                "minutes_a_week": self.minutes_a_week,
                "substitutable_minutes_a_week": self.could_go,
                "weeks": [{"week": week.isoformat(), "minutes": minutes} for week, minutes in self.weeks.items()],
                "left_out": dict(self.left_out),
            },
            "notes": self.notes,
        }

    def span(self) -> str:
        if self.begins is None or self.ends is None:
            return ""
        first, last = (say_day(local_day(at, self.zone), "plain") for at in (self.begins, self.ends))
        return first if first == last else f"{first} to {last}"


def look(export: Path, calendar: Path | None, zone_file: Path | None, tell: Tell = lambda *_: None) -> Look:
    """Raises PacekeeperError for an input that cannot be used."""
    given = zones.read(zone_file) if zone_file else {}
    with Spool() as spool:
        read = spool_files(spool, [export], tell)
        if not read.messages:
            raise PacekeeperError(_empty(export, read))
        people = read.people
        everybody = zones.of_people(people, given)
        times = _calls(calendar, everybody, spool, tell)
        around = calls.Around(times.events if times else ())
        chat = reading.read(_told(spool, read, tell), (around.hear,))
    writers = [account for account in chat.writers if account]
    known = {account: everybody[account] for account in writers if account in everybody} or everybody
    if zone_file and not known:
        raise PacekeeperError(
            f"None of the accounts in {zone_file.name} is in the export. Write the id or the name that it has."
        )
    asked = list(chat.questions)
    hiding = Hiding(_names(people, times), people, usual_words(one.text for one in asked))
    model = _model()
    again = questions.repeated(asked, model, tell)
    open_ones = [one for one in asked if one.after is None]
    counted = Counter(known.values())
    found = answers.measure(asked, known)
    judged = None
    if times is not None:
        judged = [
            calls.decide(event, hiding.title(event.title), around.heard[n], counted)
            for n, event in enumerate(times.events)
        ]
    return Look(
        read=read,
        people=len(writers) + ("" in chat.writers),
        begins=chat.begins,
        ends=chat.ends,
        zones=dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))),
        by_meaning=model is not None,
        repeated=[_quoted(one, hiding, found.zone) for one in again[:MOST_SHOWN]],
        repeated_in_all=len(again),
        answers=found,
        unanswered=[
            Unanswered(hiding.question(one.text), local_day(one.at, found.zone))
            for one in sorted(open_ones, key=lambda one: one.at, reverse=True)[:MOST_SHOWN]
        ],
        calls=judged,
        weeks=calls.by_week(judged or (), found.zone),
        left_out=dict(sorted(times.left_out.items())) if times else {},
        broken_events=times.broken if times else 0,
        apart=times is not None and times.apart,
    )


def _empty(export: Path, read: Read) -> str:
    if read.unread:
        return f"{export.name} has no message that can be read: {read.unread[0].where}: {read.unread[0].why}."
    why = ", ".join(f"{why}: {number:,}" for why, number in sorted(read.left_out.items()))
    return f"{export.name} has no messages of people{f' ({why})' if why else ''}. Export the course's public channels."


def _told(spool: Spool, read: Read, tell: Tell) -> Iterator[PastThread]:
    done = 0
    for thread in spool.threads(alone=True):
        done += 1 + len(thread.replies)
        if done % 500 < 2:
            tell("Who asked and who answered", done, read.messages)
        yield thread


def _calls(calendar: Path | None, known: Mapping[str, str], spool: Spool, tell: Tell) -> calendars.Calendar | None:
    if calendar is None:
        return None
    begins, ends = spool.span()
    found = calendars.read(calendar, answers.usual_zone(known), ends, tell)
    if begins is None or ends is None:
        return found
    before = len(found.events)
    found.events, away = calls.in_time(found.events, begins, ends)
    found.apart = bool(before) and away == before
    if away and not found.apart:
        found.left_out["long before or after the chat"] += away
    return found


def _names(people: Mapping[str, PastPerson], times: calendars.Calendar | None) -> set[str]:
    return {name for one in people.values() for name in one.names} | {
        name for event in (times.events if times else ()) for name in event.names
    }


def _quoted(one: questions.Again, hiding: Hiding, zone: str) -> Question:
    return Question(hiding.question(one.text), one.times, one.people, one.answered, local_day(one.last, zone))


def _model() -> "Model | None":
    from storage.search.model import Model, is_installed

    return Model() if is_installed() else None
