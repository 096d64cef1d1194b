"""Pure decisions of revisions: what a change does, whom it concerns, and why it is refused."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from itertools import groupby, pairwise
from math import ceil

from bot.core.contributions import Credit, Date, InHand, Paid, Ran
from bot.core.errors import FormRefused, Refused
from bot.core.fingerprints import fingerprint
from bot.core.forms import Values
from bot.core.holidays import NAMELESS, own_holidays, public_holidays
from bot.core.moving import Away, Items, Moved, moves, unsaid
from bot.core.people import Person
from bot.core.time import is_zone, local_day, monday_of, zones
from bot.core.translation import _, _n, any_of
from bot.course.calendar import behind, ends, week_opens
from bot.course.difference import SECTIONS, Change, WeekMinutes, broken, changes, minutes
from bot.course.gate.loosening import OBJECTIVES, RULES, Loosened, loosened
from bot.course.gate.payment import minutes_in, title_of
from bot.course.history import began
from bot.course.loader import check, course_of
from bot.course.merging import merged
from bot.course.model import Course, Week
from bot.course.problems import Problem
from bot.course.renaming import renamed
from bot.course.weeks import Run, follow, pairs, runs
from bot.features.revisions.store import Setup, Version

SHORT = timedelta(hours=24)
"""A learner who hears of a date less than this before it may be unable to keep it."""

_BREAKS = timedelta(days=180)
"""How much longer than its weeks a course may take because of holidays."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The dates of a cohort: `usual` are those that most learners have in its zone, `items` everybody's own. `zones`
    are the learners'. `credits`: what counts towards completion, by person and column. `gone`: who is away or silent;
    `away`: who is away when; `awake`: when each learner hears what is told at once; `news`: who is told how what they
    said yes to has changed; `paid`: what gives up its minutes; `held`: what nobody hears of, with why and what to
    do; `in_hand`: what learners have."""

    usual: Sequence[Date]
    items: Items
    credits: Mapping[tuple[int, str], Credit]
    zones: Sequence[str]
    gone: frozenset[int]
    away: Away
    awake: Mapping[int, datetime]
    news: Collection[tuple[int, Hashable, bool]]
    paid: Sequence[Paid]
    held: Sequence[tuple[str, str, str]]
    in_hand: Sequence[InHand]


@dataclass(frozen=True, slots=True)
class Pair:
    """A date of the calendar before and after; None if it was added or removed."""

    old: Date | None
    new: Date | None

    @property
    def date(self) -> Date:
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Past:
    """A start in the past: `over` of its `of` dates have passed. Of those that had not by the present start, `lost`
    names what nobody is asked for any more, and `stay` what learners keep ahead, since no date of theirs moves into the
    past."""

    over: int
    of: int
    lost: Sequence[str]
    stay: Sequence[str]


@dataclass(frozen=True, slots=True)
class Short:
    """Work that `people` learners hear of less than `hours` hours before it is due; 0: after that."""

    title: str
    people: int
    hours: int


@dataclass(frozen=True, slots=True)
class Uncounted:
    """So many `people` would have `done` of what completion `needs`, and have more of it now: `before`."""

    people: int
    needs: str
    done: int
    before: int


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An item of a week gives up so many `minutes` more than before (below 0: it has them again). `whole`: it leaves
    the card."""

    week: int
    title: str
    minutes: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Announced:
    """A new live session, which the card of its week has from `day` on; None: that week runs already."""

    title: str
    week: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Weeks:
    """How the weeks of two courses differ: `moved` are those with another number, `new` and `gone` those of one course
    alone."""

    moved: Sequence[Run]
    new: Sequence[Week]
    gone: Sequence[Week]

    def __bool__(self) -> bool:
        return bool(self.moved or self.new or self.gone)


@dataclass(frozen=True, slots=True)
class Study:
    """The titles of what is to study in a running week by one of two courses alone. `readers`: the learners who have
    that week's card already."""

    week: int = 0
    new: Sequence[str] = ()
    gone: Sequence[str] = ()
    readers: Collection[int] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


@dataclass(frozen=True, slots=True)
class Hands:
    """Of what these people have, they are asked something else, or it is `taken` from them."""

    kind: str
    title: str
    taken: bool
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Difference:
    """The effects of a change. `moved` are the usual dates that differ, `been` those that have passed, `behind`
    what a new start in the past does. `said`: what would go although people said something in it, with how many did;
    `uncounted`: what would count towards completion no more. `told`: the dates that each learner is told about, by
    person; `unsaid`: (person, item) of those that move otherwise. `gone`: which learners hear of the change when they
    are back; `short`: the dates that the others hear of late; `yes`: who hears that what they said yes to has
    changed, and whether their yes counts no more. `given_up`: what gives up other minutes than before; `held`: the
    titles of live sessions that nobody hears of although the course has them, each with the reasons that no finding
    says; `announced`: the new ones that learners hear of. `hands`: what becomes of what learners have."""

    present: Setup
    proposed: Setup
    findings: Sequence[Problem]
    old_findings: int
    changes: Sequence[Change]
    weeks: Weeks
    study: Study
    minutes: Sequence[WeekMinutes]
    moved: Sequence[Pair]
    been: Sequence[Date]
    behind: Past | None
    said: Sequence[tuple[str, int]]
    uncounted: Sequence[Uncounted]
    told: Mapping[int, Sequence[Moved]]
    unsaid: Sequence[tuple[int, str]]
    learners: int
    gone: frozenset[int]
    short: Sequence[Short]
    yes: Mapping[int, bool]
    given_up: Sequence[GivenUp]
    held: Mapping[str, Sequence[str]]
    announced: Sequence[Announced]
    hands: Sequence[Hands]

    @property
    def for_all(self) -> bool:
        """Whether every learner is told of it."""
        return bool(self.weeks) or self.present.course.weekly_minutes != self.proposed.course.weekly_minutes

    @property
    def lose_a_piece(self) -> set[int]:
        return {person for one in self.hands if one.taken and one.kind == "piece" for person in one.people}

    @property
    def concerned(self) -> int:
        """How many learners are told of it."""
        return self.learners if self.for_all else len({*self.told, *self.study.readers, *self.yes, *self.lose_a_piece})


SHOWN = ("opens", "closes", "due", "live")
"""The kinds of dates that a preview lists."""


def compare(
    present: Setup,
    proposed: Setup,
    findings: tuple[Sequence[Problem], Sequence[Problem]],
    before: Standing,
    after: Standing,
    learners: Sequence[Person],
    now: datetime,
) -> Difference:
    """What the change does, from the dates before and after it. `findings`: what can be said against the present file,
    and against the proposed one."""
    known = {(p.code, p.message) for p in findings[0]}
    fresh = [p for p in findings[1] if (p.code, p.message) not in known]
    moved = differing(before.usual, after.usual)
    differ, told = weeks(present.course, proposed.course), moves(before.items, after.items, after.away, now)
    for_all = bool(differ) or present.course.weekly_minutes != proposed.course.weekly_minutes
    return Difference(
        present,
        proposed,
        fresh,
        len(findings[1]) - len(fresh),
        changes(present.course, proposed.course),
        differ,
        study(present, proposed, learners, now),
        minutes(present.course, proposed.course),
        moved,
        # What is new alone has nothing to do with these.
        [d for d in before.usual if d.kind in SHOWN and d.at <= now] if any(p.old for p in moved) else [],
        _behind(present, proposed, after, now),
        said_in(before.items, after.items),
        uncounted(before.credits, after.credits),
        told,
        unsaid(before.items, after.items, told),
        len(before.items),
        before.gone & (before.items.keys() if for_all else told.keys()),
        short_notice({p: mine for p, mine in told.items() if p not in before.gone}, after.awake),
        _yes({*after.news} - {*before.news}),
        given_up(before.paid, after.paid, present.course, proposed.course),
        held(before, after, proposed.course, fresh, now),
        announced(present, proposed, after.usual, now),
        hands(before.in_hand, after.in_hand),
    )


def hands(before: Sequence[InHand], after: Sequence[InHand]) -> list[Hands]:
    """What is taken from learners who have it, and of what they are asked something else."""
    now = {(one.person, one.kind, one.name): one.asks for one in after}
    found: dict[tuple[str, str, bool], set[int]] = {}
    for one in before:
        key = one.person, one.kind, one.name
        if key not in now or now[key] != one.asks:
            found.setdefault((one.kind, one.title, key not in now), set()).add(one.person)
    return [Hands(kind, title, taken, frozenset(people)) for (kind, title, taken), people in found.items()]


def _yes(news: Collection[tuple[int, Hashable, bool]]) -> dict[int, bool]:
    lost = {person for person, _what, is_lost in news if is_lost}
    return {person: person in lost for person, _what, _is_lost in news}


def given_up(before: Sequence[Paid], after: Sequence[Paid], old: Course, new: Course) -> list[GivenUp]:
    """What gives up other minutes than before, in the order of the weeks."""
    was, now = _paid(before), _paid(after)
    # Materials have no id: one without minutes left is on no card.
    whole = {(one.week, one.item) for one in after if one.whole}
    whole |= {(w.number, m.title) for w in new.weeks for m in w.materials if 0 < m.minutes <= now[w.number, m.title]}
    found = []
    for week, item in sorted({*was, *now}):
        minutes = now[week, item] - was[week, item]
        if minutes < 0:
            # What the file takes off an item does not come back.
            less = minutes_in(item, old, week) - minutes_in(item, new, week)
            minutes = min(0, minutes + max(0, less))
        if minutes:
            title = title_of(item, new if minutes > 0 else old, week)
            found.append(GivenUp(week, title, minutes, (week, item) in whole))
    return found


def _paid(paid: Sequence[Paid]) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for one in paid:
        if not one.instead:
            found[one.week, one.item] += one.minutes
    return found


def held(
    before: Standing, after: Standing, course: Course, findings: Sequence[Problem], now: datetime
) -> dict[str, list[str]]:
    """The live sessions of the course that had a time ahead and have none, and what is held from now on: the clock and
    the cohort decide about that, too, which no finding knows."""
    had = {d.id.rpartition("/")[0] for d in before.usual if d.kind == "live" and d.at > now}
    has = {d.id.rpartition("/")[0] for d in after.usual if d.kind == "live"}
    found: dict[str, list[str]] = {live.title: [] for live in course.live if live.id in had - has}
    for title, why, how in after.held:
        if (title, why, how) not in before.held:
            reasons = found.setdefault(title, [])
            reasons += [f"{why} {how}"] if not any(why in p.message for p in findings) else []
    return found


def announced(present: Setup, proposed: Setup, dates: Sequence[Date], now: datetime) -> list[Announced]:
    """The live sessions that are new and have a time ahead."""
    had, table, today = {live.id for live in present.course.live}, proposed.table, local_day(now, proposed.zone)
    ahead = {d.id.rpartition("/")[0] for d in dates if d.kind == "live" and d.at > now}
    new = [live for live in proposed.course.live if live.id in ahead - had]
    days = [max(table.monday(live.week), proposed.starts_on) for live in new]
    return [Announced(live.title, live.week, day if day > today else None) for live, day in zip(new, days, strict=True)]


def said_in(before: Items, after: Items) -> list[tuple[str, int]]:
    """The titles of what nobody is asked for any more, each with how many said something in it, in course order."""
    gone = [item for who, mine in before.items() for key, item in mine.items() if key not in after.get(who, {})]
    there = sorted((item for item in gone if item.done or item.begun), key=lambda item: (item.opens_at, item.key))
    # Two may have one title.
    titles = {item.key: item.title for item in there}
    return [(titles[key], number) for key, number in Counter(item.key for item in there).items()]


def uncounted(before: Mapping[tuple[int, str], Credit], after: Mapping[tuple[int, str], Credit]) -> list[Uncounted]:
    """What counts towards completion now and would no more, though the rule still asks for it."""
    found: Counter[tuple[str, int, int]] = Counter()
    for key, old in before.items():
        new = after.get(key)
        if new is not None and new.done < min(old.done, new.needed):
            found[new.needs, new.done, old.done] += 1
    return [Uncounted(people, *what) for what, people in sorted(found.items())]


def short_notice(told: Mapping[int, Sequence[Moved]], awake: Mapping[int, datetime]) -> list[Short]:
    """What moves earlier, or is new, and is due soon after its readers hear of it."""
    left: dict[str, list[timedelta]] = {}
    for person, mine in told.items():
        for old, new, item in ((*one.instants, one.item) for one in mine):
            if new is not None and (old is None or new < old) and new - awake[person] < SHORT:
                left.setdefault(item.title, []).append(new - awake[person])
    return [Short(title, len(spans), max(0, ceil(max(spans) / timedelta(hours=1)))) for title, spans in left.items()]


def weeks(old: Course, new: Course) -> Weeks:
    places = pairs(old, new)
    fresh = [week for week in new.weeks if week.number not in places.values()]
    return Weeks(runs(places), fresh, [week for week in old.weeks if week.number not in places])


def study(old: Setup, new: Setup, learners: Sequence[Person], now: datetime) -> Study:
    """What differs in what learners study in the running week. A material with another title or another link is still
    the same."""
    number = new.table.week_on(local_day(now, new.zone))
    was = next((old.course.week(a) for a, b in pairs(old.course, new.course).items() if b == number), None)
    week = new.course.week(number)
    if was is None or week is None:
        return Study()

    def only(some: Week, other: Week) -> list[str]:
        known = {name for m in other.materials for name in (m.title, m.link) if name}
        return [m.title for m in some.materials if not known & {m.title, m.link}]

    fresh, gone, clock = only(week, was), only(was, week), new.course.messages.hour
    begun = {p.id for p in learners if week_opens(new.table, number, clock(p.hour), p.zone) <= now}
    return Study(number, fresh, gone, begun if fresh or gone else ())


def _behind(present: Setup, proposed: Setup, after: Standing, now: datetime) -> Past | None:
    """What a start does that is earlier than the present one and lies in the past, or puts more dates there."""
    old, new = (behind(s.course, s.table, proposed.zone, now) for s in (present, proposed))
    if proposed.starts_on == present.starts_on:
        return None
    is_past = proposed.starts_on < min(present.starts_on, local_day(now, proposed.zone))
    if not is_past and len(new.over) <= len(old.over):
        return None
    ahead = {item.id for mine in after.items.values() for item in mine.values() if item.is_ahead(now)}
    newly = {d.id: d.subject for d in after.usual if d.kind in ("closes", "due") and d.id in new.over - old.over}
    lost, stay = ([title for id, title in newly.items() if (id in ahead) is kept] for kept in (False, True))
    return Past(len(new.over), new.of, lost, stay)


def shape(setup: Setup) -> str:
    """A name for what every learner hears of: the start, the clock, the holidays, the weeks and their minutes.
    Setups in which these are the same have the same name."""
    titles = [(week.id, week.title) for week in setup.course.weeks]
    return fingerprint((setup.starts_on, setup.zone, sorted(setup.holidays), titles, setup.course.weekly_minutes))


def materials(setup: Setup) -> str:
    """A name for what there is to study: setups with the same have the same name."""
    return fingerprint([[(m.title, m.link) for m in week.materials] for week in setup.course.weeks])


def whole(setup: Setup) -> str:
    """A name for all of a setup: equal setups have the same."""
    return fingerprint((setup.text, setup.starts_on, setup.zone, sorted(setup.holidays.items()), setup.country))


def same_dates(old: Setup, new: Setup) -> bool:
    """Whether what is asked of learners ends at the same times by both."""
    return ends(old.course, old.table, old.zone) == ends(new.course, new.table, new.zone)


def differing(old: Sequence[Date], new: Sequence[Date]) -> list[Pair]:
    """The dates that differ, ordered by the new date."""
    before = {(d.kind, d.id): d for d in old if d.kind in SHOWN}
    after = {(d.kind, d.id): d for d in new if d.kind in SHOWN}
    both = (Pair(before.get(name), after.get(name)) for name in {**after, **before})
    found = [p for p in both if p.old is None or p.new is None or p.old.at != p.new.at]
    return sorted(found, key=lambda p: (p.date.at, p.date.kind, p.date.id))


def ran(versions: Sequence[Version], present: Setup) -> list[Ran]:
    """What a cohort has run by, oldest first."""
    found = [Ran(version.at, version.setup.text, version.setup.table, version.by) for version in reversed(versions)]
    return found or [Ran(None, present.text, present.table)]


def loosens(
    present: Setup, proposed: Setup, versions: Sequence[Version], now: datetime, zones: Collection[str]
) -> Sequence[Loosened]:
    """What only the manager decides, since learners go by it: more minutes a week, whatever makes the gate of live
    sessions let more pass, and names in a review that was anonymous. Once a cohort has begun it all is, whatever its
    start is now; before that the rules of live sessions are, if there are learners already. `zones`: theirs."""
    had = {one for version in versions for one in version.setup.course.live_only}
    found = loosened(present.course, proposed.course, had)
    if began(ran(versions, present), 1, now, zones) is not None:
        return found
    return [one for one in found if one.key.startswith(RULES)] if zones else ()


def loosened_since(versions: Sequence[Version], since: datetime) -> list[tuple[Loosened, Version]]:
    """What was loosened since then, each with the version that did it. `versions`: the newest first."""
    return [
        (one, version)
        for version, before in pairwise(versions)
        if version.at is not None and version.at > since
        for one in loosened(before.setup.course, version.setup.course)
        if one.key != OBJECTIVES
    ]


def named(versions: Sequence[Version], since: datetime) -> list[tuple[str, Version]]:
    """What became an objective of live sessions since then, each with the version that named it. `versions`: the newest
    first."""
    found = []
    for version, before in pairwise(versions):
        if version.at is not None and version.at > since:
            new = [one for one in version.setup.course.live_only if one not in before.setup.course.live_only]
            found += [(one, version) for one in new]
    return found


# What is refused


def refusals(
    present: Setup, proposed: Setup, took_part: Collection[tuple[str, str, int]], now: datetime, zones: Collection[str]
) -> list[tuple[str, str]]:
    """Why a change is refused, as (key of the item concerned, what to do). `took_part`: see `TOOK_PART`.
    `zones`: those of the learners."""
    old, new = present.course, proposed.course
    found = []
    begun = max(present.table.week_on(local_day(now, zone)) for zone in {present.zone, *zones})
    places = pairs(old, new)
    if any(places.get(week.number) != week.number for week in old.weeks if week.number <= begun):
        why = _(
            "Week {begun} has begun, so it and those before it keep their places. Put a new week after it, or take out "
            "one that is ahead.",
            begun=min(begun, len(old.weeks)),
        )
        found.append(("title", why))
    if old.id != new.id:
        why = _(
            "This is the file of another course: its id is {id}, and this one's is {id2}. Keep {id2}.",
            id=new.id,
            id2=old.id,
        )
        found.append(("id", why))
    people_in = Counter((section, id) for section, id, _person in set(took_part))
    for section, kind in SECTIONS.items():
        for id in _ids(old, section):
            if id not in _ids(new, section) and (people := people_in[section, id]):
                found.append(("id", _stays(section, kind, id, people)))
    if over := broken(old, new):
        how = _("Take the time out of something else in that week, or move it to another.")
        found.append(("minutes", _("Not changed: {listed}. {how}", listed=", ".join(over), how=how)))
    return found


def _stays(section: str, kind: str, id: str, people: int) -> str:
    """Why an item stays: so many have done something in it."""
    if section == "milestones":
        why = _n(
            "{kind} {id} cannot go: one learner has handed it in.",
            "{kind} {id} cannot go: {n} learners have handed it in.",
            people,
            kind=kind,
            id=id,
        )
    elif section == "prompts":
        why = _n(
            "{kind} {id} cannot go: one learner has answered it.",
            "{kind} {id} cannot go: {n} learners have answered it.",
            people,
            kind=kind,
            id=id,
        )
    else:
        why = _n(
            "{kind} {id} cannot go: one learner has taken part in it.",
            "{kind} {id} cannot go: {n} learners have taken part in it.",
            people,
            kind=kind,
            id=id,
        )
    return f"{why} {_('Keep its id; to move it, change its week or its dates.')}"


def _ids(course: Course, section: str) -> list[str]:
    return [item.id for item in getattr(course, section)]


# The form of dates


def dates_of(values: Values, present: Setup) -> Setup:
    """The setup that a filled-in form of dates means. Raises FormRefused."""
    problems: dict[str, str] = {}
    starts_on, zone, country = present.starts_on, values.get("zone", "").strip(), values.get("country", "").strip()
    own: Mapping[date, str] = {}
    public: Mapping[date, str] = {}
    try:
        starts_on = date.fromisoformat(values.get("starts_on", "").strip())
        if not 2000 <= starts_on.year <= 2100:
            problems["starts_on"] = _("Please look at the year once more.")
    except ValueError:
        problems["starts_on"] = _("Please write a date as 2026-01-31.")
    if not is_zone(zone):
        near = get_close_matches(zone, zones(), 2, 0.7)
        problems["zone"] = (
            _("No zone has this name. Did you mean {zone}?", zone=any_of(near))
            if near
            else _("No zone has this name. Such as Europe/Berlin.")
        )
    try:
        own = own_holidays(values.get("holidays", "").splitlines())
    except ValueError as wrong:
        problems["holidays"] = str(wrong)
    if country and "starts_on" not in problems:
        try:
            public = public_days(country, starts_on, present.course)
        except Refused as refused:
            problems["country"] = str(refused)
    if problems:
        raise FormRefused(problems)
    return Setup(present.text, starts_on, zone, dict(sorted({**public, **own}.items())), country.upper())


def with_text(present: Setup, text: str) -> Setup:
    """The same with another course file, which was checked before. What belongs to a week moves with it; a longer
    course has more public holidays."""
    text = renamed(present.text, follow(present.course, text))
    public: Mapping[date, str] = {}
    if present.country:
        public = public_days(present.country, present.starts_on, course_of(text))
    return replace(present, text=text, holidays=dict(sorted({**public, **present.holidays}.items())))


def rebased(base: Setup, theirs: Setup, mine: Setup) -> Setup | None:
    """A change of `base` as one of what somebody else made of it meanwhile, with both; None where both change the
    same."""
    if (text := merged(base.text, theirs.text, mine.text)) is None:
        return None
    of_mine = {
        name for name in ("starts_on", "zone", "holidays", "country") if getattr(mine, name) != getattr(base, name)
    }
    if any(getattr(theirs, name) not in (getattr(base, name), getattr(mine, name)) for name in of_mine):
        return None
    return replace(theirs, text=text, **{name: getattr(mine, name) for name in of_mine})


def date_values(setup: Setup) -> dict[str, str]:
    """A setup as the form of dates holds it."""
    return {
        "starts_on": setup.starts_on.isoformat(),
        "zone": setup.zone,
        "holidays": own_lines(setup),
        "country": setup.country,
    }


def own_lines(setup: Setup) -> str:
    """The cohort's own holidays, those of its country left out, as a form takes them: one day or range a line."""
    public = public_holidays(setup.country, {d.year for d in setup.holidays}) if setup.country else {}
    days = [(d, n) for d, n in sorted(setup.holidays.items()) if public.get(d) != n]
    return "\n".join(_ranges(days))


def public_days(country: str, starts_on: date, course: Course) -> dict[date, str]:
    """The public holidays of a country during a course. Raises Refused for a country that is not known."""
    first, last = monday_of(starts_on), starts_on + timedelta(weeks=len(course.weeks)) + _BREAKS
    days = public_holidays(country, range(first.year, last.year + 1))
    return {day: name for day, name in days.items() if first <= day <= last}


def _ranges(days: Sequence[tuple[date, str]]) -> Iterator[str]:
    for (__, name), run in groupby(enumerate(days), key=lambda n: (n[1][0].toordinal() - n[0], n[1][1])):
        some = [day for _, (day, _) in run]
        span = f"{some[0]}" if len(some) == 1 else f"{some[0]}..{some[-1]}"
        yield span if name == NAMELESS else f"{span} {name}"


# The file


def file_problems(text: str, present: str) -> list[str]:
    """Everything that is wrong with a file that was sent in, each with line, column and fix."""
    lost = text.find("\ufffd")
    if lost >= 0 and "\ufffd" not in present:
        line = text.count("\n", 0, lost) + 1
        column = lost - (text.rfind("\n", 0, lost) + 1) + 1
        how = _("The file was not saved as UTF-8. Save it as UTF-8, and send it again.")
        return [_("Line {line}, column {column}: a letter is lost here. {how}", line=line, column=column, how=how)]
    errors = [p for p in check(text) if p.severity == "error"]
    return [
        _("Line {line}, column {column}: {message} {fix}", line=p.line, column=p.column, message=p.message, fix=p.fix)
        for p in errors
    ]
