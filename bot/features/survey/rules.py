"""Pure decisions of the survey."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from bot.core.contributions import Date
from bot.core.fingerprints import fingerprint
from bot.core.people import Cohort
from bot.core.small_groups import disclosable
from bot.core.time import local, local_day
from bot.core.uptime import Uptime
from bot.course.model import Course
from bot.course.titles import plain_title
from bot.features.survey.store import COURSE, Advice, Answer, Figures, Result, Survey

OPEN_FOR = timedelta(days=7)
"""How long a survey is open at least."""

WORDS_FOR = timedelta(days=14)
"""How long instructors have to read the words and decide; then the proposal stands, and the words go."""

AHEAD = timedelta(hours=14)
"""How far the first clocks on Earth are ahead of UTC."""

CAME = ("came", "recording", "neither")
WHY = ("useful", "time", "enough", "long", "content", "trouble", "other")
WORTH = ("yes", "partly", "no")
QUESTIONS = ("came", "why", "worth")

OF_COURSE = ("worth",)
"""The questions that are asked about the course as a whole."""

NONE = "none"
"""The group of those who left a question out."""

FOLDS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "came": ({}, {"recording": "stayed", "neither": "stayed"}),
    "why": ({},),
    "worth": ({}, {"partly": "less", "no": "less"}, {"yes": "some", "partly": "some"}),
}
"""Question -> in which ways its choices are counted, finest first: each choice alone, or some as one group."""


@dataclass(frozen=True, slots=True)
class Element:
    """What the survey asks about: the course, or a live session, which may take place several times. `names`: the
    sessions' ids in the course file, `name` that of the first. `over_at`: when the last slot was over; None for the
    course."""

    name: str
    title: str
    over_at: datetime | None = None
    names: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """Short enough for a button; '' for the course."""
        return fingerprint(self.name, 8) if self.name else ""

    def is_in(self, names: Collection[str]) -> bool:
        """Whether one of the names means this element."""
        return any(name in names for name in self.names or (self.name,))


def since(seen: Sequence[Element], joined: datetime) -> list[Element]:
    """What somebody who joined then could have come to."""
    return [one for one in seen if one.over_at is None or one.over_at > joined]


def sessions(dates: Iterable[Date]) -> list[Element]:
    """The sessions that learners see, with the end of their last slot, by when they end."""
    titles: dict[str, str] = {}
    ends: dict[str, datetime] = {}
    for one in dates:
        if one.kind == "live":
            name, end = one.id.rpartition("/")[0], one.at + timedelta(minutes=one.minutes)
            titles[name], ends[name] = one.subject, max(end, ends.get(name, end))
    return [Element(name, titles[name], end, (name,)) for name, end in sorted(ends.items(), key=lambda e: (e[1], e[0]))]


def said_close(closes: datetime, cohort: Cohort) -> datetime:
    """When people read that it closes: a midnight is read as the day that it begins."""
    at = local(closes, cohort.zone)
    return closes - timedelta(minutes=1) if (at.hour, at.minute) == (0, 0) else closes


def span(course: Course, cohort: Cohort, seen: Sequence[Element], uptime: Uptime) -> tuple[datetime, datetime]:
    """When the survey opens and closes. It opens after the last session, in the last week at the earliest; without
    sessions once the course is over. A day counts from where it begins first, so that everybody's card of that day
    brings it, at their own hour. What would open in a downtime opens after it, for as long."""
    over = cohort.timetable.over(len(course.weeks))
    ends = [one.over_at for one in seen if one.over_at is not None]
    last_week = _first_midnight(cohort.timetable.monday(len(course.weeks)))
    opens = uptime.resumed(max(*ends, last_week) if ends else _first_midnight(local_day(over, cohort.zone)))
    return opens, uptime.open_until(opens, max(over, opens + OPEN_FOR))


def _first_midnight(day: date) -> datetime:
    """When a day begins where it begins first."""
    return datetime.combine(day, time(0), UTC) - AHEAD


def asked_about(course: Course, seen: Sequence[Element], now: datetime) -> list[Element]:
    """Each session that took place, those of one title once, and the course as a whole."""
    series: dict[str, Element] = {}
    for one in seen:
        if one.over_at is None or one.over_at > now:
            continue
        title = plain_title(one.title)
        first = series.get(title)
        series[title] = replace(first, over_at=one.over_at, names=(*first.names, *one.names)) if first else one
    return [*series.values(), Element(COURSE, course.title, names=(COURSE,))]


def left(elements: Sequence[Element], answered: Collection[str]) -> list[Element]:
    """What somebody who has answered about these names can still answer about."""
    return [one for one in elements if not one.is_in(answered)]


def owes_worth(came: str) -> bool:
    """Whether 'was it worth the time?' needs an answer: from those who spent some."""
    return came != "neither"


def is_open(survey: Survey, now: datetime) -> bool:
    """Whether the results can be decided, or decided otherwise."""
    return survey.closed_at is not None and now < survey.closed_at + WORDS_FOR


def figures(answers: Sequence[Answer], smallest: int) -> Figures:
    """How many chose what, without groups that are too small or could be found by subtraction, also between two
    questions. Choices of which some are too small are counted as one where more can be said that way."""
    if len(answers) < smallest:
        return {}
    found: dict[str, Mapping[str, int]] = {}
    asked = _asked(answers)
    # Whether it was worth it says more than who came, which is hidden where both would say too much.
    for question in reversed(asked):
        # Who left a question out is a group, too.
        chosen = Counter(getattr(answer, question) or NONE for answer in answers)
        ways = [disclosable(_folded(chosen, fold), len(answers), smallest) for fold in FOLDS[question]]
        if question == "came":
            ways = [way for way in ways if _is_apart(way, found, len(answers), smallest)]
        # Of ways that say as much, the finest one.
        shown = max(ways, key=lambda way: sum(way.values()), default={})
        if _says_something(shown, len(answers)):
            found[question] = shown
    return {question: found[question] for question in asked if question in found}


def _is_apart(came: Mapping[str, int], others: Figures, answered: int, smallest: int) -> bool:
    """Whether nobody is found by subtraction from those who did not come: whoever leaves 'worth' out is one of them, so
    the others of them answered it."""
    stayed = came.get("neither", came.get("stayed", answered - sum(came.values())))
    return not 0 < stayed - others.get("worth", {}).get(NONE, 0) < smallest


def _asked(answers: Sequence[Answer]) -> Sequence[str]:
    return OF_COURSE if all(answer.element == COURSE for answer in answers) else QUESTIONS


def _says_something(groups: Mapping[str, int], answered: int) -> bool:
    """Whether there is a group of one choice, or everybody left the question out."""
    return bool(set(groups) - {NONE}) or is_unanswered(groups, answered)


def is_unanswered(groups: Mapping[str, int], answered: int) -> bool:
    """Whether everybody left a question out."""
    return 0 < answered == groups.get(NONE, 0)


def _folded(chosen: Mapping[str, int], fold: Mapping[str, str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for choice, n in chosen.items():
        found[fold.get(choice, choice)] += n
    return dict(found)


def advice(found: Figures, answered: int) -> Advice:
    """Proposed from what is shown alone, so that it tells nothing about a hidden group."""
    worth = found.get("worth", {})
    if not set(worth) - {NONE}:
        return ""
    of = answered - worth.get(NONE, 0)
    if 2 * worth.get("yes", 0) > of:
        return "keep"
    return "remove" if 2 * worth.get("no", 0) > of else "modify"


def found_worth(found: Figures, answered: int) -> int | None:
    """How many percent say that it was worth the time, of those who answered that; None if that is not shown."""
    worth = found.get("worth", {})
    of = answered - worth.get(NONE, 0)
    shown = sum(n for choice, n in worth.items() if choice != NONE)
    if of <= 0 or shown < of or "some" in worth:
        return None
    return round(100 * worth.get("yes", 0) / of)


def results(
    elements: Sequence[Element], answers: Sequence[Answer], joined: Sequence[datetime], smallest: int
) -> list[Result]:
    """What the survey says of each element. `joined`: when each learner did."""
    drafted = []
    for one in elements:
        said = [a for a in answers if one.is_in({a.element})]
        found = figures(said, smallest)
        asked = sum(bool(since([one], at)) for at in joined)
        result = Result(one.name, one.title, len(said), max(asked, len(said)), advice(found, len(said)), found)
        drafted.append(result)
    return drafted


def narrowed(result: Result, smallest: int) -> Result:
    """The result as it is shown, if the smallest group has grown since it was drafted."""
    found: dict[str, Mapping[str, int]] = {}
    for question, groups in result.figures.items():
        if question not in OF_COURSE and result.element == COURSE:
            continue
        shown = disclosable(groups, result.answered, smallest)
        if _says_something(shown, result.answered):
            found[question] = shown
    if "came" in found and not _is_apart(found["came"], found, result.answered, smallest):
        del found["came"]
    return replace(result, figures=found, advice=result.advice if result.decided else advice(found, result.answered))


Beside = Literal["few", "unsaid", "keep", "change", "worth", "not_worth"]
"""Attendance and the survey: too few were expected; too few answers are shown; both speak for a session or for a change
of it; few came, and those who answered found it worth the time; enough came, and the answers ask for a change."""


def beside(result: Result, worth_it: bool | None) -> Beside:
    """`worth_it`: what attendance says; None: nothing."""
    # Of what learners said alone: the course team may have decided otherwise.
    said = advice(result.figures, result.answered)
    if worth_it is None:
        return "few"
    if not said:
        return "unsaid"
    if worth_it:
        return "keep" if said == "keep" else "not_worth"
    return "worth" if said == "keep" else "change"


def came_more(result: Result, came: int) -> int:
    """How many say that they came, where that is more than attendance has; 0: no more, or that is not shown."""
    said = result.figures.get("came", {}).get("came", 0)
    return said if said > came else 0


def words(element: Element, answers: Sequence[Answer], smallest: int) -> list[str]:
    """The words about an element, in an order that tells nothing, if so many answered that nobody can be known by
    having written some."""
    said = [a for a in answers if element.is_in({a.element})]
    return sorted(a.words for a in said if a.words) if len(said) >= smallest else []
