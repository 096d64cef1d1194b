"""Pure decisions of the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from bot.core.contributions import Date, Paid
from bot.core.fingerprints import fingerprint
from bot.core.people import Cohort
from bot.core.small_groups import disclosable
from bot.core.time import at_wall, local_day
from bot.course.gate.payment import is_payer, title_of
from bot.course.model import Course, Item
from bot.features.ledger.store import Entry, Report

ASKED_FOR = timedelta(days=6)
"""How long the question is of use."""

SHARES = (50, 75, 100, 125, 150)
"""What can be tapped, in percent of the plan."""

STEP = 15
LONGEST = 100 * 60

BUDGET = (0, "budget")
"""The week and the name of the entries about the minutes that every week has."""

Wanted = Mapping[tuple[int, str], tuple[str, int]]
"""(week, name) -> (title, minutes)."""


def wanted(cohort: Cohort, course: Course, dates: Iterable[Date], paid: Iterable[Paid]) -> Wanted:
    """What stands in the ledger by the course's budget, by the sessions that learners see, and by what pays for
    them."""
    found: dict[tuple[int, str], tuple[str, int]] = {BUDGET: ("", course.weekly_minutes)}
    for date in dates:
        if date.kind == "live":
            week = date.week or cohort.week_on(local_day(date.at, cohort.zone))
            name = f"live/{date.id.rpartition('/')[0]}"
            # The times of a session are alternatives.
            if not any(known == name for _week, known in found):
                found[week, name] = (date.subject, date.minutes)
    for one in paid:
        key = (one.week, f"paid/{one.item}")
        found[key] = (title_of(one.item, course, one.week), found.get(key, ("", 0))[1] - one.minutes)
    return found


def changes(
    cohort: int, before: Sequence[Entry], now: Wanted, by: int | None, at: datetime, by_operator: bool = False
) -> Iterator[Entry]:
    """The entries that lead from what stands in the ledger to what is wanted."""
    sums: Counter[tuple[int, str]] = Counter()
    titles = {(e.week, e.name): e.title for e in before}
    for entry in before:
        sums[entry.week, entry.name] += entry.minutes
    for key in sorted({*sums, *now}):
        title, minutes = now.get(key, (titles.get(key, ""), 0))
        if minutes != sums[key]:
            yield Entry(cohort, *key, title, minutes - sums[key], by, at, by_operator)


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the ledger, in minutes. `planned` contains `live`, and not what was `paid`. `reported`: the median of
    `reports` reports; None: too few."""

    week: int
    budget: int
    planned: int
    live: int
    paid: int
    reported: int | None
    reports: int


def week(course: Course, number: int, entries: Sequence[Entry], reports: Sequence[Report]) -> Week:
    content = course.week(number)
    items = sum(i.minutes for i in items_of(course, number))
    base = max((content.minutes or 0) if content else 0, items)
    mine = [e for e in entries if e.week == number]
    live = sum(e.minutes for e in mine if e.name.startswith("live/"))
    paid = -sum(e.minutes for e in mine if e.name.startswith("paid/"))
    said = [r.minutes for r in reports]
    enough = len(said) >= course.privacy.smallest_group
    reported = round(median(said)) if enough else None
    # What has paid and is no longer in the course takes no time, so that there is nothing to take off.
    gone = -sum(e.minutes for e in mine if e.name.startswith("paid/") and not is_payer(e.name[5:], course, number))
    return Week(number, course.weekly_minutes, base + live - (paid - gone), live, paid, reported, len(said))


def items_of(course: Course, number: int) -> list[Item]:
    """What takes time in a week besides live sessions."""
    return [i for i in course.items(number) if i.kind != "live"]


def sessions_of(course: Course, entries: Sequence[Entry], number: int) -> list[Item]:
    """The live sessions that a week has by the ledger, as the course calls them."""
    sums: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for entry in entries:
        if entry.week == number and entry.name.startswith("live/"):
            sums[entry.name] += entry.minutes
            titles[entry.name] = entry.title
    titles.update((f"live/{live.id}", live.title) for live in course.live)
    return [Item("live", titles[name], n, name, name.partition("/")[2]) for name, n in sums.items() if n > 0]


def item_of(report: Report, items: Sequence[Item]) -> Item | None:
    """The item of its week that a report names; None if it names none, or one that is gone. A report of an earlier
    version has its title alone."""
    same = [i for i in items if (i.name == report.name if report.name else i.title == report.item)]
    return same[0] if report.item and (report.name or len(same) == 1) and same else None


def choices(planned: int) -> list[int]:
    """What can be tapped, around the plan."""
    steps = (max(STEP, round(planned * share / 100 / STEP) * STEP) for share in SHARES)
    return sorted(set(steps))


def is_possible(minutes: int) -> bool:
    return 0 < minutes <= LONGEST and minutes % STEP == 0


def mark(item: Item) -> str:
    return fingerprint(item.name, 8)


def asks_at(cohort: Cohort, number: int) -> datetime:
    """On the Friday of the week, so that it rides on the wrap-up's prompt."""
    return at_wall(cohort.timetable.monday(number) + timedelta(days=4), time(0), cohort.zone)


@dataclass(frozen=True, slots=True)
class Over:
    """Many report more than planned: `more` of `reports`. `items`: what they name, without groups that are too
    small; the title of what is gone."""

    week: Week
    more: int
    items: Mapping[Item | str, int]


def over(found: Week, reports: Sequence[Report], smallest: int, items: Sequence[Item]) -> Over | None:
    """None unless at least half report more than planned, and enough do that nobody can be known by it. `items`: what
    the week has."""
    more = sum(r.minutes > found.planned for r in reports)
    shown = disclosable({True: more, False: len(reports) - more}, len(reports), smallest)
    if True not in shown or 2 * more < len(reports):
        return None
    named = Counter(item_of(r, items) or r.item for r in reports if r.item)
    large = disclosable(named, len(reports), smallest)
    return Over(found, more, large)
