"""Checks what the parts of a course file say about one another: ids, weeks, the order of dates."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time, timedelta
from difflib import get_close_matches

from bot.course import fixes
from bot.course.build import completion, due_week, review_week
from bot.course.grammar import MapOf
from bot.course.keys import DISCUSSION, LISTS, MILESTONE, PROMPT, REVIEW
from bot.course.model import Completion
from bot.course.moment import Moment
from bot.course.problems import Problem
from bot.course.reader import MISSING, Read, Reader
from bot.course.value_types import MomentValue

_WEEK = timedelta(days=7)
_ZONES_APART = timedelta(hours=26)
"""How far two clocks on Earth can be apart."""


def cross_check(reader: Reader, read: Read) -> None:
    """Reports to the reader. Parts that could not be read are passed over."""
    for name in LISTS:
        items = list(_items(read, name))
        _unique(reader, items)
        _weeks(reader, items, len(read.get("weeks", ())))
    for path, prompt in _items(read, "prompts"):
        questions = list(_items(prompt, "questions", path))
        _unique(reader, questions)
        _when(reader, path, prompt)
        _window(reader, path, prompt, PROMPT)
        for at, question in questions:
            _options(reader, at, question)
    for path, discussion in _items(read, "discussions"):
        _window(reader, path, discussion, DISCUSSION)
    for path, milestone in _items(read, "milestones"):
        _due(reader, path, milestone, MILESTONE, milestone.get("week"))
    for path, review in _items(read, "reviews"):
        _review(reader, path, review, read)
    _rule(reader, read)


def _items(read: Read, name: str, path: str = "") -> Iterator[tuple[str, Read]]:
    """The items of a list that could be read, with their paths."""
    for i, item in enumerate(read.get(name, ())):
        if item is not MISSING:
            yield (f"{path}.{name}[{i}]" if path else f"{name}[{i}]"), item


def _unique(reader: Reader, items: Sequence[tuple[str, Read]]) -> None:
    taken = {item["id"] for _, item in items if "id" in item}
    seen: dict[str, str] = {}
    for path, item in items:
        id = item.get("id")
        if id in seen:
            free = next(f"{id}-{n}" for n in range(2, 10_000) if f"{id}-{n}" not in taken)
            taken.add(free)
            message = f"`{id}` is the id of another one already, in line {reader.entries[f'{seen[id]}.id'].line}."
            reader.report_value(f"{path}.id", "duplicate-id", message, free)
        elif id is not None:
            seen[id] = path


def _weeks(reader: Reader, items: Sequence[tuple[str, Read]], count: int) -> None:
    if not count:
        return
    course_has = f"the course has {count} week{'s' if count > 1 else ''}"
    for path, item in items:
        for key, value in item.items():
            week = value.week if isinstance(value, Moment) else value if key == "week" else None
            if week is not None and not 1 <= week <= count:
                message = f"There is no week {week}: {course_has}."
                instead = str(replace(value, week=count)) if isinstance(value, Moment) else str(count)
                reader.report_value(f"{path}.{key}", "reference", message, instead)


def _when(reader: Reader, path: str, prompt: Read) -> None:
    week, weekly = reader.has(f"{path}.week"), reader.has(f"{path}.weekly")
    if week and weekly and prompt.get("weekly") is not False:
        fix = reader.removal(reader.entries[f"{path}.weekly"])
        reader.report_entry(f"{path}.weekly", "conflict", "A prompt has `week` or `weekly: yes`, not both.", fix)
    elif not week and prompt.get("weekly") is False:
        reader.report_value(f"{path}.weekly", "missing", "A prompt that is not weekly names its `week`.", "yes")
    elif not week and not weekly and not any(_is_unknown_key(p, path) for p in reader.problems):
        message = "The prompt does not say in which week it is asked: `week: 3`, or `weekly: yes` for every week."
        reader.report_addition(path, "missing", message, "weekly: yes")


def _is_unknown_key(problem: Problem, path: str) -> bool:
    return problem.path.startswith(f"{path}.") and problem.code == "unknown-key"


def _write(declared: MapOf, name: str, moment: Moment) -> str:
    """A moment as the value of a key, without the clock that the key has anyway."""
    key = declared.key(name)
    assert key is not None
    assert isinstance(key.value, MomentValue)
    return key.value.write(moment)


def _window(reader: Reader, path: str, item: Read, declared: MapOf) -> None:
    opens, closes = item.get("opens"), item.get("closes")
    if opens is None or closes is None:
        return
    at = f"{path}.closes" if reader.has(f"{path}.closes") else f"{path}.opens"
    first, last = opens.week or 0, closes.week or 0
    gap = closes.wall() - opens.wall()
    if not gap and (first == last or not last):
        later = _write(declared, "closes", replace(closes, weekday=(closes.weekday + 2) % 7))
        message = f"It would open and close at the same time, {opens}."
        reader.report_value(at, "order", message, "Mon 09:00" if at.endswith("opens") else later)
    elif last and (last - (first or item.get("week") or 1)) * _WEEK + gap <= timedelta(0):
        bare = _write(declared, "closes", replace(closes, week=None))
        reader.report_value(at, "order", "It would close before it opens.", bare)
    elif _too_close(opens, closes, gap if last or gap > timedelta(0) else gap + _WEEK):
        message = f"By the clocks of some zones, {closes} is before {opens}."
        same_clock = _write(declared, "closes", replace(closes, zone=opens.zone))
        reader.report_value(at, "order", message, same_clock if at.endswith("closes") else "Mon 09:00", "warning")


def _too_close(opens: Moment, closes: Moment, gap: timedelta) -> bool:
    """Whether two moments by different clocks may change places. The date ends last anywhere on Earth."""
    return opens.zone != closes.zone and closes.zone != "aoe" and gap <= _ZONES_APART


def _due(reader: Reader, path: str, item: Read, declared: MapOf, week: int | None) -> None:
    opens, due = item.get("opens"), item.get("due")
    if opens is None or due is None or week is None:
        return
    gap = ((due.week or week) - (opens.week or week)) * _WEEK + due.wall() - opens.wall()
    written_due, written_opens = reader.has(f"{path}.due"), reader.has(f"{path}.opens")
    if gap <= timedelta(0):
        message = f"It is due ({due}) before it opens ({opens})."
        last = Moment(6, time(23, 59), due.zone, opens.week)
        start = Moment(0, time(0), opens.zone, due.week)
        if written_due and last.wall() > opens.wall():
            reader.report_value(f"{path}.due", "order", message, _write(declared, "due", last))
        elif written_opens:
            reader.report_value(f"{path}.opens", "order", message, _write(declared, "opens", start))
        else:
            reader.report_value(f"{path}.due", "order", message, "Sun 23:59")
    elif _too_close(opens, due, gap) and (written_due or written_opens):
        message = f"By the clocks of some zones, {due} is before {opens}."
        aoe = _write(declared, "due", replace(due, zone="aoe"))
        at, instead = (f"{path}.due", aoe) if written_due else (f"{path}.opens", "Mon 00:00")
        reader.report_value(at, "order", message, instead, "warning")


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
        _after(reader, path, review, milestone, message, len(read["weeks"]))
    else:
        _due(reader, path, review, REVIEW, week)


def _unknown_milestone(reader: Reader, path: str, wanted: str, ids: Sequence[str]) -> None:
    message = f"There is no milestone `{wanted}`" + (f"; there are {', '.join(ids)}." if ids else ".")
    if ids:
        near = get_close_matches(wanted, ids, 1, 0.3) or ids
        reader.report_value(path, "reference", message, near[0])
    else:
        new = f"milestones: [{{id: {wanted}, week: 1, title: …}}]"
        last = reader.source.last_line(reader.entries[""].value)
        reader.report_entry(path, "reference", message, fixes.add(new, last, 0))


def _after(reader: Reader, path: str, review: Read, milestone: Read, message: str, weeks: int) -> None:
    """Reports a review that opens before its milestone is due, with the fix that moves it behind that."""
    following = due_week(milestone) + 1
    if review["opens"].week and reader.has(f"{path}.opens"):
        bare = Moment(0, time(0), "aoe", min(following, weeks))
        reader.report_value(f"{path}.opens", "order", message, _write(REVIEW, "opens", bare))
    elif following > weeks:
        # The milestone is due in the last week: only an earlier date there leaves room for the review.
        at = next(p for p, id in reader.ids("milestones") if id == milestone["id"])
        fix = f"{_put(reader, at, 'due', 'Wed 23:59')} {_put(reader, path, 'opens', 'Thu 00:00')}"
        reader.report_entry(path, "order", message, fix)
    elif reader.has(f"{path}.week"):
        reader.report_value(f"{path}.week", "order", message, str(following))
    else:
        reader.report_addition(path, "order", message, f"week: {following}")


def _put(reader: Reader, path: str, key: str, value: str) -> str:
    """The fix that gives a key of the mapping at `path` this value, whether it is written or not."""
    entry = reader.entries.get(f"{path}.{key}")
    return reader.replacement(entry, value) if entry else reader.addition(path, f"{key}: {value}")


def _options(reader: Reader, path: str, question: Read) -> None:
    kind, has = question.get("kind"), reader.has(f"{path}.options")
    if kind == "choice" and not has:
        message = "A `choice` needs `options` to choose from."
        reader.report_addition(path, "options", message, "options: [option 1, option 2]")
    elif has and kind is not None and kind not in ("choice", "scale"):
        message = f"`options` go with a `choice` or a `scale`; this is `{kind}`."
        reader.report_entry(f"{path}.options", "options", message, _put(reader, path, "kind", "choice"))
    options = question.get("options", ())
    for i, option in enumerate(options):
        if option is not MISSING and option in options[:i]:
            message = f"`{option}` is among the options already."
            reader.report_value(f"{path}.options[{i}]", "duplicate-option", message, f"{option} (2)")


def _rule(reader: Reader, read: Read) -> None:
    """The completion rule must not ask for more than the course has."""
    path = "course.completion"
    written = read.get("course", {}).get("completion")
    weeks = len(read.get("weeks", ()))
    if written is None or not reader.has(path) or not weeks:
        return
    rule = completion(written)
    prompts = sum(1 if "week" in p else weeks for _, p in _items(read, "prompts"))
    milestones = len(read.get("milestones", ()))
    if rule.wrapups.count > prompts:
        message = f"It asks for {rule.wrapups.count} wrap-ups, and the prompts come to {prompts}."
        part = reader.has(f"{path}.wrapups")
        instead = "all" if part else _sentence(rule, "all wrap-ups" if prompts else "")
        reader.report_value(f"{path}.wrapups" if part else path, "range", message, instead)
    if rule.milestones != "essential" and rule.milestones.count > milestones:
        message = f"It asks for {rule.milestones.count} milestones, and there are {milestones}."
        part = reader.has(f"{path}.milestones")
        instead = "all" if part else "all milestones"
        reader.report_value(f"{path}.milestones" if part else path, "range", message, instead)


def _sentence(rule: Completion, wrapups: str) -> str:
    """The rule's milestones in words, with other wrap-ups."""
    first, needed = "all essential milestones", rule.milestones
    if needed != "essential":
        amount = "all" if needed.all else f"{needed.count}" if needed.count else ""
        share = f"{round(needed.share * 100)}% of milestones" if needed.share else ""
        first = f"{amount} milestones" if amount else share
    return " and ".join(part for part in (first, wrapups) if part) or "all milestones"
