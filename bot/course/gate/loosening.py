"""What loosens a promise to learners: the gate lets more pass, or a review is no longer anonymous. Once
learners go by it, only the cohort's manager does that, and it is logged."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.core.translation import _
from bot.course.keys import COURSE_FILE, LIVE_RULES
from bot.course.model import Course, LiveRules

OBJECTIVES = "course.live_only"
"""The key of what live sessions are for."""

RULES = "live_rules."
"""What the keys of the rules of live sessions begin with."""

ANONYMOUS = "anonymous"
"""The key by which a review promises that nobody is named."""


@dataclass(frozen=True, slots=True)
class Loosened:
    """A key of the course file, and what it says before and after."""

    key: str
    old: str
    new: str


def loosened(old: Course, new: Course, objectives: Collection[str] = ()) -> list[Loosened]:
    """What a change loosens. The first objective of a course is its author's to name, as the form of a session asks.
    `objectives`: those that the running course had before; taking all of them out makes no other one the first."""
    found = list(rules_loosened(old.live_rules, new.live_rules))
    if new.weekly_minutes > old.weekly_minutes:
        found.insert(0, Loosened("course.weekly_minutes", str(old.weekly_minutes), str(new.weekly_minutes)))
    if (known := {*old.live_only, *objectives}) and not set(new.live_only) <= known:
        found.append(Loosened(OBJECTIVES, "; ".join(old.live_only), "; ".join(new.live_only)))
    return [*found, *named(old, new)]


def named(old: Course, new: Course) -> Iterator[Loosened]:
    """The reviews that were anonymous and no longer are."""
    unnamed = {review.id for review in old.reviews if review.anonymous}
    for review in new.reviews:
        if review.id in unnamed and not review.anonymous:
            yield Loosened(f"reviews.{review.id}.{ANONYMOUS}", "yes", "no")


def rules_loosened(old: LiveRules, new: LiveRules) -> Iterator[Loosened]:
    for key in LIVE_RULES.keys:
        was, now = getattr(old, key.name), getattr(new, key.name)
        if key.looser == "wider" and (now[0] < was[0] or now[1] > was[1]):
            yield Loosened(f"{RULES}{key.name}", *("-".join(f"{at:%H:%M}" for at in span) for span in (was, now)))
        elif (key.looser in ("higher", "either") and now > was) or (key.looser in ("lower", "either") and now < was):
            yield Loosened(f"{RULES}{key.name}", str(was), str(now))


def in_words(key: str) -> str:
    """What a key is about that can be loosened."""
    if key.endswith(f".{ANONYMOUS}"):
        return _("no names in the peer review {id}", id=key.split(".")[1])
    section, _dot, name = key.rpartition(".")
    within = COURSE_FILE.at(section)
    declared = within.key(name) if within else None
    return _(declared.label) if declared and declared.label else key
