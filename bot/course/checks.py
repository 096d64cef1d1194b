"""Checks what the parts of a course file say about one another: ids, weeks, the order of dates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from bot.course import fixes
from bot.course.branches import check_branches
from bot.course.build import completion, due_week, extension, review_week
from bot.course.keys import LISTS, WEEK_NUMBER
from bot.course.model import GROUP, Completion, Extension, Quantity
from bot.course.moment import Moment
from bot.course.problems import Problem
from bot.course.protocols import named, nearest
from bot.course.reader import MISSING, Read, Reader
from bot.course.value_types.scalar import Wrong
from bot.course.value_types.spans import write_span

_WEEK = timedelta(days=7)
_ZONES_APART = timedelta(hours=26)
"""How far two clocks on Earth can be apart."""


_LEAST_GROUP = 3
"""With fewer people, one who does not post leaves the other without a post to reply to."""

_WHEN = "write another moment"
_ASKED_TWICE = "`{said}` is asked already."
_CLOCKS = "write both by the same clock, or more time between them"


def cross_check(reader: Reader, read: Read) -> None:
    """Reports to the reader. Parts that could not be read are passed over."""
    _number_weeks(reader, read)
    for name in LISTS:
        items = list(_items(read, name))
        _unique(reader, items)
        _weeks(reader, items, len(read.get("weeks", ())))
    _weeks(reader, _pods(read), len(read.get("weeks", ())))
    for path, scenario in _items(read, "scenarios"):
        _unique(reader, list(_items(scenario, "nodes", path)))
    for path, prompt in _items(read, "prompts"):
        questions = list(_items(prompt, "questions", path))
        _unique(reader, questions)
        _when(reader, path, prompt, len(read.get("weeks", ())))
        _window(reader, path, prompt)
        for at, question in questions:
            _options(reader, at, question)
    for path, checkin in _items(read, "checkins"):
        _when(reader, path, checkin, len(read.get("weeks", ())))
        _days(reader, path, checkin, "days")
    for path, room in _items(read, "rooms"):
        _when(reader, path, room, len(read.get("weeks", ())))
        _days(reader, path, room, "slots")
        _shared(reader, path, room)
    for path, discussion in _items(read, "discussions"):
        _discussion(reader, path, discussion, len(read.get("weeks", ())))
    _roots(reader, read)
    for path, scenario in _items(read, "scenarios"):
        check_branches(reader, path, scenario, list(_items(scenario, "nodes", path)))
    for path, milestone in _items(read, "milestones"):
        _due(reader, path, milestone, milestone.get("week"))
    for name in ("milestones", "prompts", "discussions", "checkins"):
        for path, item in _items(read, name):
            _extension(reader, f"{path}.extension", item.get("extension"))
    for path, review in _items(read, "reviews"):
        _review(reader, path, review, read)
        _different(reader, f"{path}.rubric", review.get("rubric", ()), _ASKED_TWICE)
    for path, session in _items(read, "live"):
        _different(reader, f"{path}.reflection", session.get("reflection", ()), _ASKED_TWICE)
    for path, pods in _pods(read):
        _different(reader, f"{path}.questions", pods.get("questions", ()), _ASKED_TWICE)
    _rule(reader, read)


def _items(read: Read, name: str, path: str = "") -> Iterator[tuple[str, Read]]:
    """The items of a list that could be read, with their paths."""
    for i, item in enumerate(read.get(name, ())):
        if item is not MISSING:
            yield (f"{path}.{name}[{i}]" if path else f"{name}[{i}]"), item


def _unique(reader: Reader, items: Sequence[tuple[str, Read]]) -> None:
    seen: dict[str, str] = {}
    for path, item in items:
        id = item.get("id")
        if id in seen:
            message = f"`{id}` is the id of another one already, in line {reader.entries[f'{seen[id]}.id'].line}."
            reader.report_value(f"{path}.id", "duplicate-id", message, reader.free_id(id))
        elif id is not None:
            seen[id] = path


def _number_weeks(reader: Reader, read: Read) -> None:
    """Puts the number of a week where an item names its id. The number of an unknown one is not there."""
    weeks = list(_items(read, "weeks"))
    ids = {week["id"]: int(path[6:-1]) + 1 for path, week in reversed(weeks) if "id" in week}
    for path, week in weeks:
        if week.get("id", "").isdigit():
            message = "A week's id is not a number alone, since that is its place in the course."
            reader.report_value(f"{path}.id", "id", message, f"week-{week['id']}")
    for path, item in (*(found for name in LISTS for found in _items(read, name)), *_pods(read)):
        id = item.get("week")
        if not isinstance(id, str):
            continue
        if id in ids:
            item["week"] = ids[id]
        elif number := reader.week_titled(id):
            item["week"] = number
            reader.titled(f"{path}.week", id, number)
        else:
            del item["week"]
            _unknown_week(reader, f"{path}.week", id, get_close_matches(id, ids, 1, 0.6))


def _pods(read: Read) -> list[tuple[str, Read]]:
    """The pods as an item with its path: a course has them once, in one week."""
    pods = read.get("pods")
    return [("pods", pods)] if isinstance(pods, dict) else []


def _unknown_week(reader: Reader, path: str, id: str, near: Sequence[str]) -> None:
    """Reports an id that no week has; `two` is a number that is written wrong."""
    try:
        WEEK_NUMBER.number(id)
    except Wrong as e:
        message = f"No week has the id `{id}`."
        if e.instead:
            reader.report_value(path, e.code, e.message, e.instead)
        elif e.either:
            reader.report_doubt(path, e.code, e.message, fixes.one_of(e.either))
        elif near:
            reader.report_value(path, "reference", message, near[0])
        else:
            reader.report_doubt(path, "reference", message, "write the number of a week, or its id")


def _weeks(reader: Reader, items: Sequence[tuple[str, Read]], count: int) -> None:
    if not count:
        return
    course_has = f"the course has {count} week{'s' if count > 1 else ''}"
    for path, item in items:
        for key, value in item.items():
            week = value.week if isinstance(value, Moment) else value if key == "week" else None
            if week is not None and not 1 <= week <= count:
                message = f"There is no week {week}: {course_has}."
                reader.report_doubt(f"{path}.{key}", "reference", message, f"write a week from 1 to {count}")


def _when(reader: Reader, path: str, asked: Read, count: int) -> None:
    week, weekly = reader.has(f"{path}.week"), reader.has(f"{path}.weekly")
    example = f"`week: {max(1, count)}`"
    if week and weekly and asked.get("weekly") is not False:
        message = "It has `week` or `weekly: yes`, not both."
        reader.report_doubt(f"{path}.weekly", "conflict", message, "keep `week` or `weekly`")
    elif not week and asked.get("weekly") is False:
        message = "What is not weekly names its `week`."
        reader.report_doubt(f"{path}.weekly", "missing", message, f"write its week, such as {example}")
    elif not week and not weekly and not any(_is_unknown_key(p, path) for p in reader.problems):
        message = "It does not say in which week it is asked."
        reader.report_doubt(path, "missing", message, f"write its week, such as {example}, or `weekly: yes`")


def _days(reader: Reader, path: str, item: Read, name: str) -> None:
    """The moments in the list with this name are in each of the item's weeks."""
    days = [day for day in item.get(name, ()) if day is not MISSING]
    for n, day in enumerate(item.get(name, ())):
        if day is MISSING:
            continue
        at = f"{path}.{name}[{n}]"
        if day.week:
            message = f"`{day}` names a week, and these are the {name} of each week in which it is asked."
            reader.report_doubt(at, "week", message, "write the weekday and the time alone")
        elif day in days[:n]:
            reader.report_doubt(at, "duplicate-day", f"`{day}` is among the days already.", _WHEN)


def _shared(reader: Reader, path: str, room: Read) -> None:
    """A room opens at one moment for everybody."""
    for n, slot in enumerate(room.get("slots", ())):
        if slot is not MISSING and slot.zone == "learner":
            message = f"`{slot}` is another moment for each learner, and a room opens once for all."
            instead = f"{str(slot).rpartition(' ')[0]} cohort"
            reader.report_value(f"{path}.slots[{n}]", "clock", message, instead)


def _is_unknown_key(problem: Problem, path: str) -> bool:
    return problem.path.startswith(f"{path}.") and problem.code == "unknown-key"


def _window(reader: Reader, path: str, item: Read) -> None:
    opens, closes = item.get("opens"), item.get("closes")
    if opens is None or closes is None:
        return
    at = f"{path}.closes" if reader.has(f"{path}.closes") else f"{path}.opens"
    first, last = opens.week or 0, closes.week or 0
    gap = closes.wall() - opens.wall()
    if not gap and (first == last or not last):
        reader.report_doubt(at, "order", f"It would open and close at the same time, {opens}.", _WHEN)
    elif last and (last - (first or item.get("week") or 1)) * _WEEK + gap <= timedelta(0):
        reader.report_doubt(at, "order", "It would close before it opens.", _WHEN)
    elif _too_close(opens, closes, gap if last or gap > timedelta(0) else gap + _WEEK):
        reader.report_doubt(
            at, "order", f"By the clocks of some zones, {closes} is before {opens}.", _CLOCKS, "warning"
        )


def _discussion(reader: Reader, path: str, discussion: Read, weeks: int) -> None:
    for name in ("opens", "closes"):
        if reader.has(f"{path}.rounds") and reader.has(f"{path}.{name}"):
            message = f"`rounds` have their own `opens` and `closes`, so `{name}` is not used here."
            reader.report_doubt(f"{path}.{name}", "conflict", message, "leave it out, or leave out the rounds")
    protocol = discussion.get("protocol", ())
    if len(protocol) == 1 and isinstance(protocol[0], str) and named(protocol[0]) is None and nearest(protocol[0]):
        at = f"{path}.protocol[0]" if reader.has(f"{path}.protocol[0]") else f"{path}.protocol"
        message = f"`protocol`: there is no protocol `{protocol[0]}`."
        reader.report_value(at, "reference", message, nearest(protocol[0]))
    _fields(reader, f"{path}.protocol", protocol)
    _replies(reader, path, discussion)
    rounds = list(_items(discussion, "rounds", path))
    _weeks(reader, rounds, weeks)
    for at, item in rounds or [(path, discussion)]:
        _window(reader, at, {**item, "week": discussion.get("week")})
        _fields(reader, f"{at}.fields", item.get("fields", ()))
    for (_, before), (at, item) in pairwise(rounds):
        if "opens" in before and "opens" in item and _since(discussion, item) <= _since(discussion, before):
            where = f"{at}.opens" if reader.has(f"{at}.opens") else at
            reader.report_doubt(where, "order", "It would open before the round before it.", _WHEN)


def _fields(reader: Reader, path: str, fields: Sequence[Any]) -> None:
    """The fields of a post, each with a title of its own."""
    titles = [
        field.get("title", "") if isinstance(field, Mapping) else field for field in fields if field is not MISSING
    ]
    _different(reader, path, titles, "`{said}` is the title of another field.")
    if (
        len(titles) == 1
        and isinstance(fields[0], str)
        and "," in fields[0]
        and not (named(fields[0]) or nearest(fields[0]))
    ):
        parts = ", ".join(part.strip() for part in fields[0].split(","))
        what = f"write `[{parts}]` for several fields, or a title without a comma"
        reader.report_doubt(path, "type", f"`{fields[0]}` is one field; a list of fields stands in brackets.", what)


def _replies(reader: Reader, path: str, discussion: Read) -> None:
    """In a group that is too small somebody has nobody to answer."""
    replies, size = discussion.get("replies", 1), discussion.get("group", GROUP)
    if not isinstance(replies, int) or not isinstance(size, int):
        return
    least = max(_LEAST_GROUP, replies + 1)
    if replies and 0 < size < least:
        part = next((f"{path}.{key}" for key in ("group", "replies") if reader.has(f"{path}.{key}")), path)
        message = f"In a group of about {size} some people would have nobody to reply to: each replies to {replies}."
        fix = f"write `group: {least}` or more, or `group: 0` for one group of all"
        reader.report_doubt(part, "range", message, fix, "warning")


def _roots(reader: Reader, read: Read) -> None:
    """A channel has one root post a week for a discussion."""
    weeks: set[int] = set()
    for path, discussion in _items(read, "discussions"):
        week = discussion.get("week")
        if week in weeks and reader.has(f"{path}.week"):
            message = f"Week {week} has a discussion already, so this one goes into the week's thread."
            reader.report_doubt(f"{path}.week", "conflict", message, "move it to another week, or leave it", "warning")
        if week is not None:
            weeks.add(week)


def _since(discussion: Read, item: Read) -> timedelta:
    """When a round opens, counted from the first week."""
    opens: Moment = item["opens"]
    week: int = opens.week or discussion.get("week") or 1
    return week * _WEEK + opens.wall()


def _too_close(opens: Moment, closes: Moment, gap: timedelta) -> bool:
    """Whether two moments by different clocks may change places. The date ends last anywhere on Earth."""
    return opens.zone != closes.zone and closes.zone != "aoe" and gap <= _ZONES_APART


def _due(reader: Reader, path: str, item: Read, week: int | None) -> None:
    opens, due = item.get("opens"), item.get("due")
    if opens is None or due is None or week is None:
        return
    gap = ((due.week or week) - (opens.week or week)) * _WEEK + due.wall() - opens.wall()
    at = f"{path}.due" if reader.has(f"{path}.due") else f"{path}.opens" if reader.has(f"{path}.opens") else path
    if gap <= timedelta(0):
        reader.report_doubt(at, "order", f"It is due ({due}) before it opens ({opens}).", _WHEN)
    elif _too_close(opens, due, gap) and at != path:
        reader.report_doubt(at, "order", f"By the clocks of some zones, {due} is before {opens}.", _CLOCKS, "warning")


def _review(reader: Reader, path: str, review: Read, read: Read) -> None:
    wanted = review.get("milestone")
    milestones = {m["id"]: m for _, m in reversed(list(_items(read, "milestones"))) if "id" in m}
    if wanted is None or (not milestones and reader.has("milestones")):
        return
    if wanted not in milestones:
        _unknown_milestone(reader, f"{path}.milestone", wanted, list(reversed(milestones)))
        return
    milestone = milestones[wanted]
    if "due" not in milestone or "week" not in milestone or "opens" not in review or not read.get("weeks"):
        return
    week = review.get("week") or review_week(review, read)
    handed_in = due_week(milestone) * _WEEK + milestone["due"].wall()
    if (review["opens"].week or week) * _WEEK + review["opens"].wall() < handed_in:
        due = replace(milestone["due"], week=due_week(milestone))
        message = f"The review opens before `{wanted}` is due ({due})."
        at = next((k for k in ("week", "opens") if reader.has(f"{path}.{k}")), "")
        reader.report_doubt(f"{path}.{at}" if at else path, "order", message, _WHEN)
    else:
        _due(reader, path, review, week)


def _unknown_milestone(reader: Reader, path: str, wanted: str, ids: Sequence[str]) -> None:
    message = f"There is no milestone `{wanted}`" + (f"; there are {', '.join(ids)}." if ids else ".")
    if ids:
        near = get_close_matches(wanted, ids, 1, 0.7)
        if near:
            reader.report_value(path, "reference", message, near[0])
        else:
            reader.report_doubt(path, "reference", message, "write the id of the milestone")
    else:
        reader.report_doubt(path, "reference", message, "add the milestone, or take the review out")


def _options(reader: Reader, path: str, question: Read) -> None:
    kind, has = question.get("kind"), reader.has(f"{path}.options")
    if kind == "choice" and not has:
        message = "A `choice` needs `options` to choose from."
        reader.report_doubt(path, "options", message, "add `options:` with the words that learners choose from")
    elif has and kind is not None and kind not in ("choice", "scale"):
        message = f"`options` go with a `choice` or a `scale`; this is `{kind}`."
        what = "write `kind: choice`, or leave the options out"
        reader.report_doubt(f"{path}.options", "options", message, what)
    _different(reader, f"{path}.options", question.get("options", ()), "`{said}` is among the options already.")


def _different(reader: Reader, path: str, texts: Sequence[Any], message: str) -> None:
    """What people read beside each other in one form, and is stored by its words, is there once. `message` is about
    `{said}`."""
    for i, text in enumerate(texts):
        if text and text is not MISSING and text in texts[:i]:
            at = f"{path}[{i}]" if reader.has(f"{path}[{i}]") else path
            what = "write another one, or leave it out"
            reader.report_doubt(at, "duplicate-option", message.format(said=text), what)


def _extension(reader: Reader, path: str, written: Extension | Read | None) -> None:
    """A request that is granted at once must be one that can be made."""
    if not isinstance(written, dict) or not {"self", "ask", "auto"} <= written.keys():
        return
    rule = extension(written)
    if rule.auto > rule.ask:
        up_to = f"Learners may ask for {write_span(rule.ask)}" if rule.ask else "Learners may not ask"
        message = f"{up_to}, so a request for {write_span(rule.auto)} cannot be granted."
        reader.report_doubt(f"{path}.auto", "range", message, "write a longer `ask`, or a shorter `auto`")
    elif rule.auto and rule.auto <= rule.own:
        message = f"Learners move the date by {write_span(rule.own)} themselves, so nothing is granted beyond that."
        reader.report_doubt(f"{path}.auto", "range", message, "write a longer `auto`, or leave it out")
    if rule.ask and rule.ask <= rule.own and reader.has(f"{path}.ask"):
        message = f"Learners move the date by {write_span(rule.own)} themselves, so they have nothing to ask for."
        reader.report_doubt(f"{path}.ask", "range", message, "write a longer `ask`, or `none`")


def _rule(reader: Reader, read: Read) -> None:
    """The completion rule must not ask for more than the course has."""
    path = "course.completion"
    written = read.get("course", {}).get("completion")
    weeks = len(read.get("weeks", ()))
    if written is None or not reader.has(path) or not weeks:
        return
    rule = completion(written)
    if rule == Completion(Quantity()):
        message = "It asks for nothing, so everybody has completed the course from the first day on."
        reader.report_doubt(path, "range", message, "write how much, such as `80% of milestones`", "warning")
    prompts = sum(1 if "week" in p else weeks for _, p in _items(read, "prompts"))
    milestones = len(read.get("milestones", ()))
    if rule.wrapups.count > prompts:
        message = f"It asks for {rule.wrapups.count} wrap-ups, and the prompts come to {prompts}."
        part = reader.has(f"{path}.wrapups")
        reader.report_doubt(f"{path}.wrapups" if part else path, "range", message, f"ask for {prompts} at most")
    discussions = len(read.get("discussions", ()))
    if rule.discussions.count > discussions:
        message = f"It asks for {rule.discussions.count} discussions, and there are {discussions}."
        part = reader.has(f"{path}.discussions")
        reader.report_doubt(f"{path}.discussions" if part else path, "range", message, f"ask for {discussions} at most")
    scenarios = len(read.get("scenarios", ()))
    if rule.scenarios.count > scenarios:
        message = f"It asks for {rule.scenarios.count} scenarios, and there are {scenarios}."
        part = reader.has(f"{path}.scenarios")
        reader.report_doubt(f"{path}.scenarios" if part else path, "range", message, f"ask for {scenarios} at most")
    reviews = len(read.get("reviews", ()))
    if rule.reviews.count > reviews:
        message = f"It asks for {rule.reviews.count} peer reviews, and there are {reviews}."
        part = reader.has(f"{path}.reviews")
        reader.report_doubt(f"{path}.reviews" if part else path, "range", message, f"ask for {reviews} at most")
    if rule.milestones != "essential" and rule.milestones.count > milestones:
        message = f"It asks for {rule.milestones.count} milestones, and there are {milestones}."
        part = reader.has(f"{path}.milestones")
        reader.report_doubt(f"{path}.milestones" if part else path, "range", message, f"ask for {milestones} at most")
