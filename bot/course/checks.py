"""What the parts of a course file say about one another: ids, weeks, the order of dates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Any

from bot.course import fixes
from bot.course.build import completion, due_week, review_week
from bot.course.keys import DISCUSSION, MILESTONE, PROMPT, REVIEW
from bot.course.moment import Moment
from bot.course.reader import MISSING, Read, Reader

_WEEK = timedelta(days=7)
_ZONES_APART = timedelta(hours=26)
"""How far two clocks on Earth can be apart."""


def cross_check(reader: Reader, read: Read) -> None:
    """Reports to the reader. Parts that could not be read are passed over."""
    _ids(reader, read)
    _weeks(reader, read)
    for path, prompt in _items(read, "prompts"):
        _when(reader, path, prompt)
        _window(reader, path, prompt, PROMPT.key("closes"))
        for at, question in _within(prompt, "questions", path):
            _options(reader, at, question)
    for path, discussion in _items(read, "discussions"):
        _window(reader, path, discussion, DISCUSSION.key("closes"))
    for path, milestone in _items(read, "milestones"):
        _due(reader, path, milestone, MILESTONE.key("due"), MILESTONE.key("opens"), milestone.get("week"))
    for path, review in _items(read, "reviews"):
        _review(reader, path, review, read)
    _rule(reader, read)


def _items(read: Read, name: str) -> Iterator[tuple[str, Read]]:
    return _within(read, name, "")


def _within(read: Read, name: str, path: str) -> Iterator[tuple[str, Read]]:
    """The items of a list that could be read, with their paths."""
    for i, item in enumerate(read.get(name, ())):
        if item is not MISSING:
            yield (f"{path}.{name}[{i}]" if path else f"{name}[{i}]"), item


def _ids(reader: Reader, read: Read) -> None:
    for name in ("prompts", "milestones", "discussions", "reviews", "live"):
        _unique(reader, _items(read, name))
    for path, prompt in _items(read, "prompts"):
        _unique(reader, _within(prompt, "questions", path))


def _unique(reader: Reader, items: Iterator[tuple[str, Read]]) -> None:
    listed = list(items)
    taken = {item["id"] for _, item in listed if "id" in item}
    seen: dict[str, str] = {}
    for path, item in listed:
        id = item.get("id")
        if id is None:
            continue
        if id in seen:
            free = next(f"{id}-{n}" for n in range(2, 10_000) if f"{id}-{n}" not in taken)
            taken.add(free)
            first = reader.entries[f"{seen[id]}.id"].start.line + 1
            message = f"`{id}` is the id of another one already, in line {first}."
            reader.report_value(f"{path}.id", "duplicate-id", message, free)
        else:
            seen[id] = path


def _weeks(reader: Reader, read: Read) -> None:
    count = len(read.get("weeks", ()))
    if not count:
        return
    course_has = f"the course has {count} week{'s' if count > 1 else ''}"
    for name in ("prompts", "milestones", "discussions", "reviews", "live"):
        for path, item in _items(read, name):
            if isinstance(item.get("week"), int) and item["week"] > count:
                message = f"There is no week {item['week']}: {course_has}."
                reader.report_value(f"{path}.week", "reference", message, str(count))
            for key, moment in item.items():
                if isinstance(moment, Moment) and moment.week is not None and not 1 <= moment.week <= count:
                    message = f"There is no week {moment.week}: {course_has}."
                    bare = Moment(moment.weekday, moment.time, moment.zone, count)
                    reader.report_value(f"{path}.{key}", "reference", message, str(bare))


def _when(reader: Reader, path: str, prompt: Read) -> None:
    week = f"{path}.week" in reader.entries
    weekly = f"{path}.weekly" in reader.entries
    if week and weekly:
        if prompt.get("weekly") is False:
            return
        message = "A prompt has `week` or `weekly: yes`, not both."
        entry = reader.entries[f"{path}.weekly"]
        reader.report_entry(f"{path}.weekly", "conflict", message, reader.removal(entry))
    elif not week and prompt.get("weekly") is False:
        message = "A prompt that is not weekly names its `week`."
        reader.report_value(f"{path}.weekly", "missing", message, "yes")
    elif (
        not week
        and not weekly
        and not any(p.path.startswith(f"{path}.") and p.code == "unknown-key" for p in reader.problems)
    ):
        message = "The prompt does not say in which week it is asked: `week: 3`, or `weekly: yes` for every week."
        reader.report_entry(path, "missing", message, reader.addition(path, "weekly: yes"))


def _window(reader: Reader, path: str, item: Read, declared: Any) -> None:
    opens, closes = item.get("opens"), item.get("closes")
    if opens is None or closes is None:
        return
    at = f"{path}.closes" if f"{path}.closes" in reader.entries else f"{path}.opens"
    first, last = opens.week or 0, closes.week or 0
    if opens.wall() == closes.wall() and (first == last or not last):
        message = f"It would open and close at the same time, {opens}."
        if at.endswith("opens"):
            reader.report_value(at, "order", message, "Mon 09:00")
            return
        later = Moment((closes.weekday + 2) % 7, closes.time, closes.zone, closes.week)
        reader.report_value(at, "order", message, declared.value.write(later))
    elif last and (first or item.get("week") or 1) * _WEEK + opens.wall() >= last * _WEEK + closes.wall():
        bare = Moment(closes.weekday, closes.time, closes.zone)
        reader.report_value(at, "order", "It would close before it opens.", declared.value.write(bare))
    elif _too_close(opens, closes, _gap(opens, closes)):
        message = f"By the clocks of some zones, {closes} is before {opens}."
        instead = declared.value.write(Moment(closes.weekday, closes.time, opens.zone, closes.week))
        reader.report_value(at, "order", message, instead if at.endswith("closes") else "Mon 09:00", "warning")


def _gap(opens: Moment, closes: Moment) -> timedelta:
    gap = closes.wall() - opens.wall()
    return gap if closes.week or gap > timedelta(0) else gap + _WEEK


def _too_close(opens: Moment, closes: Moment, gap: timedelta) -> bool:
    """Whether two moments by different clocks may change places. The date ends last anywhere on Earth."""
    return opens.zone != closes.zone and closes.zone != "aoe" and gap <= _ZONES_APART


def _due(reader: Reader, path: str, item: Read, due_key: Any, opens_key: Any, week: int | None) -> None:
    opens, due = item.get("opens"), item.get("due")
    if opens is None or due is None or week is None:
        return
    gap = ((due.week or week) - (opens.week or week)) * _WEEK + due.wall() - opens.wall()
    written_due, written_opens = f"{path}.due" in reader.entries, f"{path}.opens" in reader.entries
    if gap <= timedelta(0):
        message = f"It is due ({due}) before it opens ({opens})."
        last = Moment(6, time(23, 59), due.zone, opens.week)
        start = Moment(0, time(0), opens.zone, due.week)
        if written_due and last.wall() > opens.wall():
            reader.report_value(f"{path}.due", "order", message, due_key.value.write(last))
        elif written_opens:
            reader.report_value(f"{path}.opens", "order", message, opens_key.value.write(start))
        else:
            reader.report_value(f"{path}.due", "order", message, "Sun 23:59")
    elif _too_close(opens, due, gap) and (written_due or written_opens):
        message = f"By the clocks of some zones, {due} is before {opens}."
        instead = due_key.value.write(Moment(due.weekday, due.time, "aoe", due.week))
        at = f"{path}.due" if written_due else f"{path}.opens"
        reader.report_value(at, "order", message, instead if written_due else "Mon 00:00", "warning")


def _review(reader: Reader, path: str, review: Read, read: Read) -> None:
    ids = [m["id"] for _, m in _items(read, "milestones") if "id" in m]
    wanted = review.get("milestone")
    if wanted is None:
        return
    if wanted not in ids:
        if not ids and "milestones" in reader.entries:
            return
        near = get_close_matches(wanted, ids, 1, 0.3) or ids[:1]
        message = f"There is no milestone `{wanted}`" + (f"; there are {', '.join(ids)}." if ids else ".")
        if near:
            reader.report_value(f"{path}.milestone", "reference", message, near[0])
        else:
            new = f"milestones: [{{id: {wanted}, week: 1, title: …}}]"
            last = reader.source.last_line(reader.entries[""].value)
            reader.report_entry(f"{path}.milestone", "reference", message, fixes.add(new, last, 0))
        return
    milestone = next(m for _, m in _items(read, "milestones") if m.get("id") == wanted)
    if "due" not in milestone or "week" not in milestone or "opens" not in review or not read.get("weeks"):
        return
    week = review.get("week") or review_week(review, read)
    handed_in = due_week(milestone) * _WEEK + milestone["due"].wall()
    opens = (review["opens"].week or week) * _WEEK + review["opens"].wall()
    if opens < handed_in:
        due = replace(milestone["due"], week=due_week(milestone))
        message = f"The review opens before `{wanted}` is due ({due})."
        _after(reader, path, review, milestone, message, len(read["weeks"]))
        return
    _due(reader, path, review, REVIEW.key("due"), REVIEW.key("opens"), week)


def _after(reader: Reader, path: str, review: Read, milestone: Read, message: str, weeks: int) -> None:
    following = due_week(milestone) + 1
    has = reader.entries.__contains__
    if review["opens"].week and has(f"{path}.opens"):
        bare = Moment(0, time(0), "aoe", min(following, weeks))
        reader.report_value(f"{path}.opens", "order", message, str(bare).removesuffix(" aoe"))
    elif following <= weeks:
        if has(f"{path}.week"):
            reader.report_value(f"{path}.week", "order", message, str(following))
        else:
            reader.report_entry(path, "order", message, reader.addition(path, f"week: {following}"))
    else:
        # The milestone is due in the last week: only an earlier date there leaves room for the review.
        at = next(p for p, m in _items_of(reader, "milestones") if m == milestone["id"])
        early = "Wed 23:59"
        how = (
            reader.replacement(reader.entries[f"{at}.due"], early)
            if has(f"{at}.due")
            else reader.addition(at, f"due: {early}")
        )
        opens = (
            reader.replacement(reader.entries[f"{path}.opens"], "Thu 00:00")
            if has(f"{path}.opens")
            else reader.addition(path, "opens: Thu 00:00")
        )
        reader.report_entry(path, "order", message, f"{how} {opens}")


def _items_of(reader: Reader, name: str) -> Iterator[tuple[str, str]]:
    for path, entry in reader.entries.items():
        if path.startswith(f"{name}[") and path.endswith("].id"):
            yield path.removesuffix(".id"), entry.value.value


def _options(reader: Reader, path: str, question: Read) -> None:
    kind, has = question.get("kind"), f"{path}.options" in reader.entries
    if kind == "choice" and not has:
        message = "A `choice` needs `options` to choose from."
        reader.report_entry(path, "options", message, reader.addition(path, "options: [option 1, option 2]"))
    elif has and kind is not None and kind not in ("choice", "scale"):
        message = f"`options` go with a `choice` or a `scale`; this is `{kind}`."
        entry = reader.entries[f"{path}.kind"]
        reader.report_entry(f"{path}.options", "options", message, reader.replacement(entry, "choice"))
    options = question.get("options", ())
    for i, option in enumerate(options):
        if option is not MISSING and option in options[:i]:
            message = f"`{option}` is among the options already."
            reader.report_value(f"{path}.options[{i}]", "duplicate-option", message, f"{option} (2)")


def _rule(reader: Reader, read: Read) -> None:
    written = read.get("course", {}).get("completion")
    weeks = len(read.get("weeks", ()))
    if written is None or "course.completion" not in reader.entries or not weeks:
        return
    rule = completion(written)
    prompts = sum(1 if "week" in p else weeks for _, p in _items(read, "prompts"))
    milestones = len(read.get("milestones", ()))
    path = "course.completion"
    wrapups_at = f"{path}.wrapups" if f"{path}.wrapups" in reader.entries else path
    milestones_at = f"{path}.milestones" if f"{path}.milestones" in reader.entries else path
    if rule.wrapups.count > prompts:
        message = f"It asks for {rule.wrapups.count} wrap-ups, and the prompts come to {prompts}."
        instead = "all" if wrapups_at != path else _sentence(rule.milestones, "all wrap-ups" if prompts else "")
        reader.report_value(wrapups_at, "range", message, instead)
    if rule.milestones != "essential" and rule.milestones.count > milestones:
        message = f"It asks for {rule.milestones.count} milestones, and there are {milestones}."
        reader.report_value(milestones_at, "range", message, "all" if milestones_at != path else "all milestones")


def _sentence(milestones: Any, wrapups: str) -> str:
    first = "all essential milestones"
    if milestones != "essential":
        share = round(milestones.share * 100)
        first = "all milestones" if milestones.all else f"{share}% of milestones" if share else ""
        first = f"{milestones.count} milestones" if milestones.count else first
    return " and ".join(part for part in (first, wrapups) if part) or "all milestones"
