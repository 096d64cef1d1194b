"""Pure decisions of the survey."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256

from bot.core.contributions import Date
from bot.core.people import Cohort
from bot.core.small_groups import disclosable
from bot.core.time import at_wall
from bot.course.model import Course
from bot.features.survey.store import COURSE, Advice, Answer, Figures, Result

OPEN_FOR = timedelta(days=7)
"""How long a survey is open at least."""

WORDS_FOR = timedelta(days=14)
"""How long instructors have to read the words and decide; then the proposal stands, and the words go."""

CAME = ("came", "recording", "neither")
WHY = ("useful", "time", "enough", "long", "content", "trouble", "other")
WORTH = ("yes", "partly", "no")
QUESTIONS = ("came", "why", "worth")


@dataclass(frozen=True, slots=True)
class Element:
    """What the survey asks about. `over_at`: when a session's last slot was over; None for the course."""

    name: str
    title: str
    over_at: datetime | None = None

    @property
    def mark(self) -> str:
        """Short enough for a button; '' for the course."""
        return sha256(self.name.encode()).hexdigest()[:8] if self.name else ""


def sessions(dates: Iterable[Date]) -> list[Element]:
    """The sessions that learners see, with the end of their last slot."""
    found: dict[str, Element] = {}
    for date in dates:
        if date.kind != "live":
            continue
        name, end = date.id.rpartition("/")[0], date.at + timedelta(minutes=date.minutes)
        before = found[name].over_at if name in found else None
        found[name] = Element(name, date.subject, end if before is None else max(before, end))
    return list(found.values())


def span(course: Course, cohort: Cohort, seen: Sequence[Element]) -> tuple[datetime, datetime]:
    """When the survey opens and closes. It opens after the last session, in the last week at the earliest, so that it
    can stand on a card; without sessions once the course is over."""
    over = cohort.timetable.over(len(course.weeks))
    ends = [one.over_at for one in seen if one.over_at is not None]
    last_week = at_wall(cohort.timetable.monday(len(course.weeks)), time(0), cohort.zone)
    opens = max(*ends, last_week) if ends else over
    return opens, max(over, opens + OPEN_FOR)


def asked_about(course: Course, seen: Sequence[Element], now: datetime) -> list[Element]:
    """Each session that took place, and the course as a whole."""
    return [*(one for one in seen if one.over_at is not None and one.over_at <= now), Element(COURSE, course.title)]


def figures(answers: Sequence[Answer], smallest: int) -> Figures:
    """How many chose what, without groups that are too small or could be found by subtraction."""
    if len(answers) < smallest:
        return {}
    found: dict[str, Mapping[str, int]] = {}
    for question in QUESTIONS:
        chosen = Counter(value for answer in answers if (value := getattr(answer, question)))
        # Who left a question out is a group, too.
        silent = len(answers) - sum(chosen.values())
        counted = {**chosen, **({"": silent} if silent else {})}
        shown = disclosable(counted, len(answers), smallest)
        if kept := {value: n for value, n in shown.items() if value}:
            found[question] = kept
    return found


def advice(found: Figures, answered: int) -> Advice:
    """Proposed from what is shown alone, so that it tells nothing about a hidden group."""
    worth = found.get("worth", {})
    if not worth:
        return ""
    if 2 * worth.get("yes", 0) > answered:
        return "keep"
    return "remove" if 2 * worth.get("no", 0) > answered else "modify"


def results(elements: Sequence[Element], answers: Sequence[Answer], asked: int, smallest: int) -> list[Result]:
    """What the survey says of each element."""
    drafted = []
    for one in elements:
        said = [a for a in answers if a.element == one.name]
        found = figures(said, smallest)
        result = Result(one.name, one.title, len(said), max(asked, len(said)), advice(found, len(said)), found)
        drafted.append(result)
    return drafted


def readable(answers: Sequence[Answer], element: str, smallest: int) -> list[str]:
    """The words about an element, if enough have answered that nobody can be known by having written some."""
    said = [a for a in answers if a.element == element]
    return sorted(a.words for a in said if a.words) if len(said) >= smallest else []
