"""Pure decisions about recaps."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import get_args

from bot.core.contributions import Part, Passage
from bot.core.people import Cohort, Person
from bot.core.time import at_wall
from bot.core.timetable import DAY, WEEK
from bot.course.model import Course, Week

WORDS = 220
"""Maximum words of a draft, which take `SECONDS` to say."""

SECONDS = 90
FRIDAY = 4
_ORDER = get_args(Part)


def span(cohort: Cohort, week: int) -> tuple[datetime, datetime]:
    """What a recap of a week is about: from its Monday to the next one, by the cohort's clock."""
    since = at_wall(cohort.timetable.monday(week), time(0), cohort.zone)
    return since, since + WEEK


def friday(cohort: Cohort, week: int) -> date:
    """From which day on a recap is prepared."""
    return max(cohort.timetable.monday(week) + FRIDAY * DAY, cohort.starts_on)


def told(course: Course, cohort: Cohort, today: date) -> Week | None:
    """The week whose recap can be made: from its Friday on until the next one's, of the last week for seven days."""
    begun = [w for w in course.weeks if friday(cohort, w.number) <= today]
    if not course.recap or not begun:
        return None
    following = course.week(begun[-1].number + 1)
    over = friday(cohort, following.number) if following else friday(cohort, begun[-1].number) + timedelta(days=7)
    return begun[-1] if today < over else None


def chosen(passages: Sequence[Passage], room: int) -> list[Passage]:
    """The passages in the order of a script, without those for which there is no room."""
    kept = sorted(passages, key=lambda p: _ORDER.index(p.part))
    while kept and sum(words(p.text) for p in kept) > room:
        # Of passages with the same rank, the last one goes first.
        kept.remove(max(reversed(kept), key=lambda p: p.rank))
    return kept


def words(text: str) -> int:
    return len(text.split())


def seconds(text: str) -> int:
    """How long it takes to say."""
    return round(words(text) * SECONDS / WORDS)


def paragraphs(text: str) -> list[str]:
    return [p.strip() for p in text.split("\n\n") if p.strip()]


def fresh(base: str, draft: str) -> list[str]:
    """The paragraphs of a draft that an earlier one did not have."""
    before = set(paragraphs(base))
    return [p for p in paragraphs(draft) if p not in before]


def named_in(text: str, people: Sequence[Person]) -> list[Person]:
    """Those of these people whose name is in the text, as a word."""
    return [p for p in people if p.name and _whole(p.name).search(text)]


def marked(text: str, people: Sequence[Person]) -> str:
    """The text with a mark in place of each name of these people. Those who have the same name share a mark."""
    ids: dict[str, list[str]] = {}
    for person in people:
        if person.name and person.name in text:
            ids.setdefault(person.name, []).append(str(person.id))
    if not ids:
        return text
    # The longest name first: one may contain another.
    either = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.sub(_word(either), lambda found: f"\x02{' '.join(ids[found[0]])}\x03", text)


def named(text: str, names: Mapping[int, str]) -> str:
    """The text with names in place of its marks."""
    return _MARK.sub(lambda found: names[_ids(found)[0]], text)


def people_in(text: str) -> set[int]:
    """Those of whom a text has marks."""
    return {person for found in _MARK.finditer(text) for person in _ids(found)}


def unmarked(text: str, person: Person, instead: str) -> str:
    """The text with `instead` in place of a person's marks and name; with a capital where a sentence begins."""
    text = marked(text, [person])

    def written(found: re.Match[str]) -> str:
        if person.id not in _ids(found):
            return found[0]
        before = text[: found.start()].rstrip()
        begins = not before or before[-1] in ".!?:"
        return instead[0].upper() + instead[1:] if begins else instead

    return _MARK.sub(written, text)


_MARK = re.compile("\x02([0-9 ]{1,4000})\x03")
"""Control characters, which nobody can type into a form."""


def _ids(found: re.Match[str]) -> list[int]:
    return [int(number) for number in found[1].split()]


def _whole(name: str) -> re.Pattern[str]:
    return re.compile(_word(re.escape(name)))


def _word(pattern: str) -> str:
    return rf"(?<![\w\x02])(?:{pattern})(?![\w\x03])"
