"""Drafts a course file of an outline."""

from collections.abc import Iterator

from bot.core.message import shorten
from bot.course.outline.lines import TITLE
from bot.course.outline.values import Outline, OutlinedWeek, Part
from bot.course.outline.words import MATERIALS
from bot.course.source import double_quoted, quoted
from bot.course.value_types.texts import slug

LIVE_MINUTES = 45
LIVE_SLOTS = ("Wed 08:00", "Wed 20:00")
"""What a live session has for which the outline names neither."""


def drafted(outline: Outline, title: str, weekly_minutes: int) -> str:
    """A course file of an outline that has weeks. `title` and `weekly_minutes`: where it names none."""
    return "\n".join(_file(outline, outline.title or title, outline.weekly_minutes or weekly_minutes)) + "\n"


def _file(outline: Outline, title: str, budget: int) -> Iterator[str]:
    ids = _Ids()
    weeks = list(enumerate(outline.weeks, 1))

    def parts(kind: str) -> list[tuple[int, Part]]:
        return [(number, part) for number, week in weeks for part in week.parts if part.kind == kind]

    yield "course:"
    yield f"  id: {quoted(slug(title))}"
    yield f"  title: {quoted(title)}"
    yield f"  weekly_minutes: {budget}    # what a learner gives in a week"
    yield f"  completion: {'all essential milestones and 1 wrap-up' if parts('milestones') else '1 wrap-up'}"
    yield ""
    yield "weeks:"
    for _number, week in weeks:
        yield from _week(week)
    yield ""
    yield "# How learners are heard: three questions in every week."
    yield "prompts:"
    yield "  - id: wrapup"
    yield "    weekly: yes"
    yield "    opens: Fri 16:00           # by each learner's own clock"
    yield "    closes: Sun 23:59          # later answers are welcome, and marked late"
    yield "    questions:"
    yield '      - {id: done, kind: long, text: "What did you finish this week?", audience: cohort}'
    yield '      - {id: next, kind: text, text: "What will you do next?", audience: cohort, required: no}'
    yield '      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors, required: no}'
    for number, part in parts("prompts"):
        yield f"  - id: {ids.make(part.text, number)}"
        yield f"    title: {quoted(shorten(part.text, TITLE))}"
        yield f"    week: {number}"
        yield "    opens: Wed 16:00"
        yield "    questions:"
        asked = " ".join([part.text, *part.below])
        yield f"      - {{id: answer, kind: long, text: {double_quoted(asked)}, audience: instructors}}"
    for name, lines in (("milestones", _milestone), ("discussions", _discussion), ("live", _live)):
        if found := parts(name):
            yield from ("", f"{name}:")
            for number, part in found:
                yield f"  - id: {ids.make(part.text, number)}"
                yield f"    week: {number}"
                yield f"    title: {quoted(shorten(part.text, TITLE))}"
                yield from lines(part)
    if outline.unread:
        yield ""
        yield "# Lines of the outline that are nothing of this yet:"
        yield from (f"# {number}: {text}" for number, text in outline.unread)


def _week(week: OutlinedWeek) -> Iterator[str]:
    yield f"  - title: {quoted(week.title)}"
    if week.goal:
        yield f"    goal: {quoted(week.goal)}"
    materials = [part for part in week.parts if part.kind in ("", *MATERIALS)]
    if materials:
        yield "    materials:"
    for part in materials:
        yield f"      - title: {quoted(part.text)}"
        if part.link:
            yield f"        link: {quoted(part.link)}"
        if part.kind and part.kind != "reading":
            yield f"        kind: {part.kind}"
        if part.minutes is not None:
            yield f"        minutes: {part.minutes}"
        if part.below:
            yield f"        guide: [{', '.join(map(double_quoted, part.below))}]"
    if week.checks:
        yield "    self_check:"
        yield from (f"      - {double_quoted(one)}" for one in week.checks)


def _milestone(part: Part) -> Iterator[str]:
    if part.due:
        yield f"    due: {part.due}"
    if part.minutes is not None:
        yield f"    minutes: {part.minutes}"
    yield from _left(part)


def _discussion(part: Part) -> Iterator[str]:
    asked = " ".join([part.text, *part.below])
    yield f"    question: {double_quoted(asked)}"
    if part.due:
        yield f"    closes: {part.due}"
    if part.minutes is not None:
        yield f"    minutes: {part.minutes}"


def _live(part: Part) -> Iterator[str]:
    yield f"    minutes: {part.minutes or LIVE_MINUTES}"
    yield f"    slots: [{', '.join(part.slots or LIVE_SLOTS)}]"
    yield "    optional: yes"
    yield "    recorded: yes"
    yield "    alternative: recording"
    yield '    reflection: ["What was new to you?", "What will you do with it?"]'
    yield "    metric: {attended: 50, worth: 70}"
    yield from _left(part)


def _left(part: Part) -> Iterator[str]:
    """What of a part has no key."""
    if len(part.text) > TITLE:
        yield f"    # {part.text}"
    if part.link:
        yield f"    # {part.link}"
    yield from (f"    # {line}" for line in part.below)


class _Ids:
    """Ids that nothing else in the file has."""

    def __init__(self) -> None:
        self._used = {"wrapup"}

    def make(self, text: str, week: int) -> str:
        stem = slug(shorten(text, 30)).strip("-_")[:30].strip("-_")
        names = (f"{stem}-{week}" if n == 1 else f"{stem}-{week}-{n}" for n in range(1, len(self._used) + 2))
        name = next(name for name in names if name not in self._used)
        self._used.add(name)
        return name
