"""What is said of a live session that is held: what it fails, its manager's word, or that its time is over."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.course.gate.values import Settled
from bot.course.gate.verdicts import asks, passes, terms, verdicts
from bot.course.loader import course_of
from bot.features.live import desk_views
from bot.features.live.rules import Weighed
from bot.features.live.store import Session
from tests.features.test_live import course, tasting

CHANGES = {
    "kind": (None, "content"),
    "optional": (None, "no"),
    "alternative": (None, "none"),
    "recorded": (None, "no"),
    "pays": (None, "[{item: Read it, minutes: 10}]"),
    "trial": (None, "yes"),
    "mandated": (None, "Rule 4"),
    "slots": (None, "[Wed 03:00, Wed 04:00]"),
}


@pytest.mark.parametrize("agrees", [False, True])
def test_what_is_held_says_why_and_what_passes_has_nothing_that_holds_it(agrees: bool) -> None:
    for chosen in product(*CHANGES.values()):
        changed = {key: value for key, value in zip(CHANGES, chosen, strict=True) if value is not None}
        (found,) = verdicts(course_of(course(tasting(**changed))))
        live, failed = found
        settled = Settled(agreed={live.id: terms(live, failed)} if agrees else {})
        one = Weighed(live, failed, passes(live, failed, settled), asks(live, failed), terms(live, failed))
        said = desk_views.why(Session(1, 1, live.id, 1, live.title, 30, "held", datetime(2026, 1, 5, tzinfo=UTC)), one)
        assert one.passes == (not one.holding and (agrees or not one.asks)), changed
        assert ("It is a trial" in said) == (not one.holding and bool(one.asks) and not live.mandated), (changed, said)
        if not one.passes:
            assert one.why, changed
            assert all(desk_views.question(f) in said for f in one.holding), changed
            assert one.holding or "only the cohort's manager can agree" in said, changed
