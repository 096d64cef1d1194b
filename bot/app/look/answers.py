"""How long questions wait, by the hour and the weekday at which they were asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from bot.app.look.reading import Asked
from bot.core.time import local

SOON = timedelta(hours=24)

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Waits:
    """Some questions. `hours`: the median time to somebody else's first reply, None if nobody replied to any.
    `soon`: the share of all that got one within 24 h, in percent."""

    questions: int
    answered: int
    hours: float | None
    soon: int | None

    def as_json(self) -> dict[str, object]:
        return {
            "questions": self.questions,
            "answered": self.answered,
            "median_hours": self.hours,
            "within_24h": self.soon,
        }


def say_hours(hours: float | None) -> str:
    """'12 min', '5.2 h', '3 days'; a dash for none."""
    if hours is None:
        return "–"
    if hours < 1:
        return f"{round(hours * 60)} min"
    return f"{round(hours, 1):g} h" if hours < 48 else f"{round(hours / 24)} days"


@dataclass(frozen=True, slots=True)
class Answers:
    """`zone`: the clock by which hours and days count where the asker's own is not known."""

    whole: Waits
    zone: str
    by_hour: Sequence[Waits]
    by_day: Sequence[Waits]

    def as_json(self) -> dict[str, object]:
        return {
            **self.whole.as_json(),
            "unanswered": self.whole.questions - self.whole.answered,
            "zone": self.zone,
            "by_hour": [{"hour": n, **one.as_json()} for n, one in enumerate(self.by_hour)],
            "by_weekday": [{"weekday": DAYS[n], **one.as_json()} for n, one in enumerate(self.by_day)],
        }


def measure(questions: Iterable[Asked], zones: Mapping[str, str]) -> Answers:
    """Hours and weekdays are those of the asker's own clock."""
    usual = usual_zone(zones)
    asked = list(questions)
    walls = [local(one.at, zones.get(one.by, usual)) for one in asked]
    return Answers(
        _waits(asked),
        usual,
        _by(asked, [wall.hour for wall in walls], range(24)),
        _by(asked, [wall.weekday() for wall in walls], range(7)),
    )


def usual_zone(zones: Mapping[str, str]) -> str:
    """The zone of most people."""
    return min(Counter(zones.values()).items(), key=lambda one: (-one[1], one[0]))[0] if zones else "UTC"


def _by(asked: Sequence[Asked], keys: Sequence[int], all_keys: Iterable[int]) -> list[Waits]:
    groups: dict[int, list[Asked]] = defaultdict(list)
    for key, one in zip(keys, asked, strict=True):
        groups[key].append(one)
    return [_waits(groups[key]) for key in all_keys]


def _waits(asked: Sequence[Asked]) -> Waits:
    spans = [one.after for one in asked if one.after is not None]
    hours = round(median(span / timedelta(hours=1) for span in spans), 2) if spans else None
    share = round(100 * sum(span <= SOON for span in spans) / len(asked)) if asked else None
    return Waits(len(asked), len(spans), hours, share)
