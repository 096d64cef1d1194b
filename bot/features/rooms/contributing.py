"""What quiet rooms add to the week card, the calendar, one's own page, and the advice about a course file."""

from collections.abc import Sequence

from bot.core.contributions import AGENDA, DATES, EXTRAS, FINDINGS, HELD, RUNS, Date, Extra, Finding, HeldPost, Upcoming
from bot.core.events import PostHeld
from bot.core.people import Cohort, Person
from bot.course.loader import course_of
from bot.course.rooms import at_night
from bot.features.rooms import opening, rules, views
from bot.features.rooms.opening import Rooms
from bot.features.rooms.store import feature


@feature.contributes(RUNS)
def runs(turn: Rooms) -> list[str]:
    return ["rooms"]


@feature.contributes(EXTRAS)
def on_the_card(turn: Rooms, cohort: Cohort, week: int) -> list[Extra]:
    if not rules.offered(course_of(cohort.course_text), week):
        return []
    ahead = [slot for slot in rules.slots(cohort, week) if slot.ends_at > turn.now]
    return [views.extra(cohort.id, sorted(ahead, key=lambda slot: slot.at))]


@feature.contributes(DATES)
def dates(turn: Rooms, cohort: Cohort, person: Person) -> list[Date]:
    return [views.date(slot) for slot in rules.slots(cohort)]


@feature.contributes(AGENDA)
def upcoming(turn: Rooms, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """The room that is open, or a way to open one in a course that speaks of rooms."""
    room = opening.to_join(turn)
    if room is not None:
        here = rules.here(turn.store.seats(room.id))
        return [views.upcoming(cohort.id, room, len(here), turn.store.seat(room.id, person.id))]
    return [views.upcoming(cohort.id, None, 0, None)] if course_of(cohort.course_text).rooms else []


@feature.contributes(HELD)
def held(turn: Rooms, event: PostHeld) -> list[HeldPost]:
    """No message about a post that waits: what one has of the room says so."""
    return [HeldPost(quiet=True)] if event.anchor.startswith("room/") else []


@feature.contributes(FINDINGS)
def nights(turn: Rooms, cohort: Cohort) -> list[Finding]:
    """Slots outside the hours of messages, by the cohort's clock: one finding for each."""
    course, table, found = course_of(cohort.course_text), cohort.timetable, []
    for i, room in enumerate(course.rooms):
        for n, slot in enumerate(room.slots):
            at = slot.at(table, room.weeks[0], cohort.zone)
            if what := at_night(course.messages, room, at, cohort.zone):
                found.append(Finding(f"rooms[{i}].slots[{n}]", "night", *what))
    return found
