"""Pure decisions about self-checks."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.core.fingerprints import fingerprint
from bot.core.small_groups import disclosable
from bot.course.model import Course
from bot.features.selfchecks.store import Check, Try


def checks(course: Course) -> list[Check]:
    """The self-checks that have an answer, in the order of the course. A question keeps its key when its week moves or
    its answer changes; the same question asked again has another one."""
    asked: Counter[str] = Counter()
    found = []
    for week in course.weeks:
        for number, check in enumerate(week.self_check):
            asked[check.question] += 1
            if check.answer:
                key = fingerprint(f"{check.question}/{asked[check.question]}")
                found.append(Check(key, week.number, number, check.question, check.answer))
    return found


def seen(check: Check) -> str:
    """The fingerprint of its answer."""
    return fingerprint(check.answer)


def untried(checks: Sequence[Check], tries: Mapping[str, Try]) -> Check | None:
    """The first that this learner has not tried."""
    return next((c for c in checks if c.key not in tries), None)


@dataclass(frozen=True, slots=True)
class Count:
    """How many learners tried a self-check, looked at its answer, and said that they had it, or not yet. None: the
    number would tell about a few people."""

    check: Check
    tried: int
    looked: int | None
    had_it: int | None
    not_yet: int | None

    @property
    def share(self) -> float | None:
        """Of those who tried, how many had it; without that number, all but those who had not. None: not known."""
        if self.had_it is not None:
            return self.had_it / self.tried
        return None if self.not_yet is None else 1 - self.not_yet / self.tried


def counts(checks: Sequence[Check], tries: Sequence[Try], learners: Collection[int], smallest: int) -> list[Count]:
    """The numbers of these learners; without self-checks that fewer than `smallest` of them tried."""
    found = []
    for check in checks:
        theirs = [t for t in tries if t.key == check.key and t.person in learners]
        if len(theirs) >= max(smallest, 1):
            looked = disclosable({"looked": sum(bool(t.seen) for t in theirs)}, len(theirs), smallest)
            said = Counter(t.had_it for t in theirs if t.had_it is not None)
            # Nobody can be found by subtracting what they said from those who looked.
            known = disclosable(said, looked.get("looked", len(theirs)), smallest)
            found.append(Count(check, len(theirs), looked.get("looked"), known.get(True), known.get(False)))
    return found
