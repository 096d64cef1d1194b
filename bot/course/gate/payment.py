"""The fifth question: what a session's week gives up for it, minute for minute."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.core.time import say_minutes
from bot.core.translation import _
from bot.course.compound import example
from bot.course.gate.closing import closes_of
from bot.course.gate.values import Circumstances, Failed
from bot.course.keys import PAYMENT
from bot.course.model import Course, Item, Live, Payment
from bot.course.titles import plain_title, same_title


@dataclass(frozen=True, slots=True)
class Identified:
    """An item with an id that takes learners' time, and the weeks in which they work on it."""

    id: str
    path: str
    weeks: range | tuple[int, ...]


def identified(course: Course) -> Iterator[Identified]:
    for i, m in enumerate(course.milestones):
        yield Identified(m.id, f"milestones[{i}]", range(m.opens.week or m.week, (m.due.week or m.week) + 1))
    for i, d in enumerate(course.discussions):
        yield Identified(d.id, f"discussions[{i}]", (d.week,))
    for i, r in enumerate(course.reviews):
        yield Identified(r.id, f"reviews[{i}]", range(r.opens.week or r.week, (r.due.week or r.week) + 1))
    for i, c in enumerate(course.checkins):
        yield Identified(c.id, f"checkins[{i}]", c.weeks)


def payment(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    if given.has_begun(live):
        # It was paid for.
        return
    items = [i for i in course.items(live.week) if i.kind != "live"]
    promised, taken = _promised(live, items, course, given), _taken(live.week, items, course, given)
    reserved, limited = _reserved(items, course, given), _limited(items, live.week, course, given)
    paid: Counter[str] = Counter()
    budget = min(course.weekly_minutes, given.settled.promised or course.weekly_minutes)
    base, covered = _minutes(course, live.week, items), 0

    def fails(why: str, fix: tuple[str, str], exceeds: bool = False) -> Failed:
        lacks = max(0, live.minutes - covered), max(0, base + live.minutes - covered - budget)
        question = _("does other work give up as much time")
        return Failed("gate-5", "pays", question, why, fix[0], how=fix[1], exceeds=exceeds, lacks=lacks)

    def left(item: Item) -> int:
        if item.path in reserved:
            return 0
        most, limit = item.minutes - taken[item.path], limited.get(item.path)
        if limit is not None:
            # What was promised to pay goes on, also once it is over.
            most = min(most, max(limit[0] - taken[item.path], promised[item.path] - paid[item.path]))
        return max(0, most)

    for pay in live.pays:
        named = _named(pay.item, items, course)
        why = ""
        if not named:
            why = _("No item of week {week} is named “{name}”.", week=live.week, name=pay.item)
            if (near := _nearest(pay.item, items, course)) is not None and (n := left(near)) > 0:
                yield replace(fails(why, _meant(near, min(n, pay.minutes), course)), lacks=())
                return
        elif len(named) > 1:
            why = _("Several items of week {week} are named “{name}”.", week=live.week, name=pay.item)
        elif pay.minutes > (n := left(named[0])):
            why = _("“{title}” has {left} min to give, and not {n}.", title=named[0].title, left=n, n=pay.minutes)
            because = {path: said for path, (_most, said) in limited.items()} | reserved
            why = f"{because.get(named[0].path, '')} {why}".strip()
        if why:
            # What does not stand is no open question: nobody can try it.
            yield replace(fails(why, _how_to_pay(live, items, left)), lacks=())
            return
        for counter in (taken, paid):
            counter[named[0].path] += pay.minutes
        covered += pay.minutes
    if (common := shared(live, course)) > (own := sum(pay.minutes for pay in live.pays if _is_instead(pay, live))):
        # Whoever comes leaves all of it out, however little of it is named.
        covered += common - own
    total = base + live.minutes - covered
    week: dict[str, object] = {"week": live.week, "total": say_minutes(total), "budget": say_minutes(budget)}
    if covered < live.minutes:
        why = _("{covered} of its {minutes} min are paid.", covered=covered, minutes=live.minutes)
        if total > budget:
            why = _(
                "{covered} of its {minutes} min are paid; week {week} would be {total} of a {budget} budget.",
                covered=covered,
                minutes=live.minutes,
                **week,
            )
        yield fails(why, _how_to_pay(live, items, left, live.minutes - covered), exceeds=total > budget)
    elif covered > live.minutes:
        why = _(
            "{covered} min are given up for {minutes} min: learners would lose the rest.",
            covered=covered,
            minutes=live.minutes,
        )
        if common > own:
            title = title_of(live.alternative.item, course, live.week)
            both = _("“{title}” counts for {n} of them: whoever comes leaves it out.", title=title, n=common)
            why = f"{why} {both}"
        yield replace(fails(why, (_("Take {n} min off what pays.", n=covered - live.minutes), "")), lacks=())
    elif (longer := _longer(live, covered, course, given)) is not None and not paid <= promised:
        would_be, read = longer
        why = _(
            "Week {week} would be {total}, and learners have read {read}: what is new in a week that has begun makes "
            "no room.",
            week=live.week,
            total=say_minutes(would_be),
            read=say_minutes(read),
        )
        fix = _("Let what was there before give up the minutes, or take out what is new.")
        yield replace(fails(why, (fix, "")), lacks=())
    elif budget < total and budget < course.weekly_minutes:
        # The budget rose during the run: what it makes room for is no room for a session.
        why = _(
            "Week {week} would be {total} of a {budget} budget: live sessions go by the hours that learners were told "
            "first.",
            **week,
        )
        fix = _("Move it to a week of at most {budget}, or leave it out.", budget=say_minutes(budget))
        yield fails(why, (fix, ""), exceeds=True)


def shared(live: Live, course: Course) -> int:
    """The minutes that a session has in common with a payer that is also its alternative: learners do one of the two,
    so the longer one counts."""
    if not any(_is_instead(pay, live) for pay in live.pays):
        return 0
    return min(live.minutes, minutes_in(live.alternative.item, course, live.week))


def _is_instead(pay: Payment, live: Live) -> bool:
    return bool(pay.item) and pay.item == live.alternative.item


def _longer(live: Live, covered: int, course: Course, given: Circumstances) -> tuple[int, int] | None:
    """The minutes that a week would have and those that learners have read, if that is fewer: also by what it lists,
    since minutes of its own leave room for more."""
    if (read := given.settled.read.get(live.week)) is None:
        return None
    adds = live.minutes - covered
    totals = (minutes_of_week(course, live.week) + adds, read.total)
    listed = (listed_minutes(course, live.week) + adds, read.listed)
    return next((one for one in (totals, listed) if one[0] > one[1]), None)


def _taken(week: int, items: Sequence[Item], course: Course, given: Circumstances) -> Counter[str]:
    """The minutes that the sessions before took out of the items of a week."""
    taken: Counter[str] = Counter()
    for other in given.passed:
        if other.week == week:
            for pay in other.pays:
                taken.update({i.path: pay.minutes for i in _named(pay.item, items, course)})
    return taken


def _promised(live: Live, items: Sequence[Item], course: Course, given: Circumstances) -> Counter[str]:
    """The minutes that learners were told each item of its week gives up for a session, by the item's path."""
    told, promised = given.told(live), Counter[str]()
    if told is None or told.live.week != live.week:
        return promised
    for pay in told.live.pays:
        promised.update({i.path: pay.minutes for i in _named(pay.item, items, course)})
    return promised


def _reserved(items: Sequence[Item], course: Course, given: Circumstances) -> dict[str, str]:
    """Why an item of the week gives up nothing at all, by its path: it is the other way of a session."""
    there = {one.id: one.path for one in identified(course)}
    titles = {i.path: i.title for i in items}
    return {
        path: _("“{title}” counts in full for “{other}”.", title=titles[path], other=other.title)
        for other in given.passed
        if (path := there.get(other.alternative.item, "")) in titles
    }


def _limited(items: Sequence[Item], week: int, course: Course, given: Circumstances) -> dict[str, tuple[int, str]]:
    """How many minutes an item of the week gives at most beside those that were promised, and why, by its path: it or
    a part of it is over, most have worked on it, or learners have read less of it."""
    settled, ids = given.settled, {one.path: one.id for one in identified(course)}
    found: dict[str, tuple[int, str]] = {}
    for item in items:
        id, title = ids.get(item.path, ""), item.title
        closes = closes_of(id, week, course, given.table, given.table.zone) if id and settled.now else []
        over = sum(at <= settled.now for at in closes) if settled.now else 0
        done, of = settled.worked.get(id, (0, 0))
        read = settled.read.get(week)
        then = read.items.get(plain_title(name_in_file(item, course)), 0) if read is not None else item.minutes
        ahead = item.minutes * (len(closes) - over) // len(closes) if over else item.minutes
        if over and over == len(closes):
            found[item.path] = 0, _("“{title}” is over.", title=title)
        elif 2 * done > of:
            found[item.path] = (
                0,
                _("{done} of {of} learners have worked on “{title}” already.", done=done, of=of, title=title),
            )
        elif ahead and not then:
            found[item.path] = 0, _("“{title}” was on no card when the week began.", title=title)
        elif then < ahead:
            found[item.path] = then, _("“{title}” was {n} min when the week began.", title=title, n=then)
        elif over:
            found[item.path] = (
                ahead,
                _("{over} of {of} parts of “{title}” are over.", over=over, of=len(closes), title=title),
            )
    return found


def could_pay(course: Course, week: int, minutes: int, given: Circumstances) -> list[Payment]:
    """What could pay for so many minutes in a week: whole materials, then parts of materials, then work, the longest
    first. The last material that stays on the card gives up half of its minutes at most."""
    items = [i for i in course.items(week) if i.kind != "live"]
    reserved, limited = _reserved(items, course, given), _limited(items, week, course, given)
    items = [replace(i, minutes=limited[i.path][0]) if i.path in limited else i for i in items]
    items = [i for i in items if i.path not in reserved and (i.minutes or i.path not in limited)]
    taken = _taken(week, items, course, given)
    found: list[Payment] = []
    items.sort(key=lambda i: taken[i.path] - i.minutes)
    materials = [i for i in items if i.kind == "materials"]
    work = [i for i in items if i.kind != "materials"]
    whole = [(i, True) for i in materials if not taken[i.path]]
    for item, is_whole in (*whole, *((i, False) for i in (*materials, *work))):
        name = name_in_file(item, course)
        left = item.minutes - taken[item.path]
        others = [m for m in materials if m is not item]
        if item in materials and all(0 < m.minutes <= taken[m.path] for m in others):
            left = 0 if is_whole else item.minutes // 2 - taken[item.path]
        part = min(minutes, left)
        if part > 0 and (part == left or not is_whole) and len(_named(name, items, course)) == 1:
            found.append(Payment(name, part))
            taken[item.path] += part
            minutes -= part
    return found


def minutes_of_week(course: Course, number: int) -> int:
    """The minutes of a week without its live sessions."""
    return _minutes(course, number, [i for i in course.items(number) if i.kind != "live"])


def listed_minutes(course: Course, number: int) -> int:
    """The same of what it lists, whatever it names itself."""
    return sum(i.minutes for i in course.items(number) if i.kind != "live")


def _minutes(course: Course, number: int, items: Sequence[Item]) -> int:
    week = course.week(number)
    return max((week.minutes or 0) if week else 0, sum(i.minutes for i in items))


def _named(name: str, items: Sequence[Item], course: Course) -> list[Item]:
    """The items of a week with this id, or the materials with this title."""
    paths = {one.path for one in identified(course) if one.id == name}
    return [i for i in items if i.path in paths or (i.kind == "materials" and same_title(i.title, name))]


def _nearest(name: str, items: Sequence[Item], course: Course) -> Item | None:
    """The item of a week that is probably meant: one word of its title, or a word that was typed wrong."""
    meant = name.casefold()
    by_name = {said.casefold(): i for i in items for said in (name_in_file(i, course), i.title) if said}
    if within := [i for said, i in by_name.items() if len(meant) > 2 and meant in said]:
        return within[0]
    near = get_close_matches(meant, by_name, 1, 0.6)
    return by_name[near[0]] if near else None


def _meant(item: Item, minutes: int, course: Course) -> tuple[str, str]:
    """How to name it: for the file, and for people who read no keys."""
    of: dict[str, object] = {"title": item.title, "name": name_in_file(item, course), "minutes": minutes}
    return (
        _("Did you mean “{title}”? Write `{{item: {name}, minutes: {minutes}}}`.", **of),
        _("Did you mean “{title}”? Write: {name}: {minutes}", **of),
    )


def name_in_file(item: Item, course: Course) -> str:
    """How what pays names an item: by its id, or a material by its title; empty: it cannot."""
    if item.kind == "materials":
        return item.title
    return next((one.id for one in identified(course) if one.path == item.path), "")


def fitting(said: str, course: Course, week: int) -> str:
    """What a form says of payers, with an example that its week has."""
    named = ((name_in_file(item, course), item.minutes or 30) for item in course.items(week) if item.kind != "live")
    like = next((f"{name}: {minutes}" for name, minutes in named if name), "")
    return said.replace(example(PAYMENT), like) if like else said


def is_payer(name: str, course: Course, week: int) -> bool:
    """Whether a week has something with this id or title."""
    return bool(_named(name, course.items(week), course))


def title_of(name: str, course: Course, week: int) -> str:
    """What people call an item of a week that pays."""
    return next((item.title for item in _named(name, course.items(week), course)), name)


def minutes_in(name: str, course: Course, week: int) -> int:
    """How long an item of a week with this id or title takes; 0: there is none."""
    return sum(item.minutes for item in _named(name, course.items(week), course))


def _how_to_pay(live: Live, items: Sequence[Item], left: Callable[[Item], int], missing: int = 0) -> tuple[str, str]:
    """What the week could give up, the longest first: for the file, and for people who read no keys."""
    rest = sorted(((left(i), i.title) for i in items), key=lambda one: -one[0])
    could = [_("{title} ({minutes} min)", title=title, minutes=n) for n, title in rest[:3] if n > 0]
    if not could:
        nothing = _("Nothing in week {week} has minutes to give: move the session, or make it shorter.", week=live.week)
        return nothing, ""
    what: dict[str, object] = {"minutes": missing or live.minutes, "could": ", ".join(could)}
    words = _("Name what gives up {minutes} min in all: `pays: [{{item: …, minutes: …}}]`. There is {could}.", **what)
    if missing:
        words = _("Name what gives up {minutes} min: `pays: [{{item: …, minutes: …}}]`. There is {could}.", **what)
    return words, _("These can give up minutes: {could}.", could=", ".join(could))
