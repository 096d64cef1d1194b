"""What a session fails, and what becomes of a trial. A session that fails is held; the file loads all the same."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.core.advice import Code
from bot.core.timetable import Timetable
from bot.core.translation import _
from bot.course.gate.limits import limits
from bot.course.gate.payment import payment
from bot.course.gate.questions import HOW_TO_MEASURE, METRIC, questions
from bot.course.gate.values import REFERENCE, SLOTS, UNSETTLED, Circumstances, Failed, Settled
from bot.course.model import Course, Live

TRIABLE = ("gate-1", "gate-3", "gate-4", "gate-5")
"""What a session on trial may fail, once."""

BY_ITSELF: Collection[Code] = ("gate-4", "live-longest", SLOTS)
"""What a session fails whatever the rest of the file says, so that it is named beside errors elsewhere."""

UNASKED: Code = "live-unasked"
"""The other questions are asked of a file without errors."""


def verdicts(
    course: Course, zones: Sequence[str] = (), table: Timetable = REFERENCE, settled: Settled = UNSETTLED
) -> list[tuple[Live, tuple[Failed, ...]]]:
    """What each session of the course fails, in the order of the file. What has begun counts as it was promised, also
    where the file has it no more. What learners know is asked first, as they know it, then what stands first: what
    passes first is paid first."""

    def known(live: Live) -> tuple[bool, bool]:
        told = settled.told.get(live.id)
        return told is None, told is None or told.live.pays != live.pays

    found: dict[str, tuple[Failed, ...]] = {}
    begun = settled.begun
    given = Circumstances(tuple(begun.values()), table, tuple(zones), settled)
    for live in sorted(course.live, key=known):
        others = tuple(other for other in given.passed if other.id != live.id)
        stands = settled.told[live.id].standing(live) if live.id in begun else live
        found[live.id] = failed = gate(stands, course, replace(given, passed=others))
        if live.id not in begun and not any(f.required for f in failed):
            # What waits for its manager's word counts, too: otherwise two would pass, each as if it were alone.
            given = replace(given, passed=(*given.passed, live))
    return [(live, found[live.id]) for live in course.live]


def passes(live: Live, failed: Sequence[Failed], settled: Settled) -> bool:
    """Whether learners may hear of a session: nothing holds it, and its manager agreed where that is needed."""
    if any(f.required for f in failed):
        return False
    wanted = terms(live, failed)
    return not wanted or settled.agreed is None or covers(settled.agreed.get(live.id, ""), wanted)


def asks(live: Live, failed: Sequence[Failed]) -> str:
    """What the manager has to agree to: questions that a trial leaves open, a policy; empty: nothing."""
    tried = [f.code for f in failed if f.tried]
    return " ".join([*tried, *([f"mandated: {live.mandated}"] if live.mandated else [])])


def terms(live: Live, failed: Sequence[Failed]) -> str:
    """What the manager agrees to, as JSON: what is open and of which session, and in minutes how long it is and what it
    lacks; empty: nothing."""
    if not (open_questions := asks(live, failed)):
        return ""
    what = [open_questions, live.title, live.week, live.kind, live.objective]
    lacks = [n for f in failed if f.code in open_questions.split() for n in f.lacks]
    return json.dumps([what, [live.minutes, *lacks]])


def covers(agreed: str, wanted: str) -> bool:
    """Whether an agreement holds for these terms: the same, or with fewer minutes."""
    what, minutes = json.loads(wanted)
    if not agreed.startswith("["):
        # Agreements that were given before figures were kept name what is open alone.
        return bool(agreed == what[0])
    agreed_what, agreed_minutes = json.loads(agreed)
    return bool(what == agreed_what and all(n <= most for n, most in zip(minutes, agreed_minutes, strict=True)))


def gate(live: Live, course: Course, given: Circumstances) -> tuple[Failed, ...]:
    """What a session fails, in the order of the questions and then the limits. Only the sixth question is advice."""
    failed = [*questions(live, course, given), *payment(live, course, given), *limits(live, course, given)]
    failed.sort(key=lambda f: f.code)
    held = [f for f in failed if f.required]
    if not live.trial or live.mandated or not held:
        return tuple(failed)
    tried = sum(other.trial for other in given.passed)
    can_stay_open = len(held) == 1 and _can_stay_open(held[0])
    if can_stay_open and live.metric and tried < course.live_rules.trial_sessions:
        return tuple(replace(f, required=False, tried=True) if f is held[0] else f for f in failed)
    return (*failed, _no_trial(live, course, held, tried))


def _can_stay_open(failed: Failed) -> bool:
    """A trial leaves a question open; what pays has to stand, as far as there is something."""
    return failed.code in TRIABLE and (failed.key != "pays" or bool(failed.lacks))


def _no_trial(live: Live, course: Course, held: Sequence[Failed], tried: int) -> Failed:
    most, how = course.live_rules.trial_sessions, ""
    if len(held) == 1 and held[0].key == "pays" and not held[0].lacks:
        why, fix = _("A trial may pay less, but what it names has to stand."), held[0].fix
        how = held[0].how
    elif len(held) > 1 or held[0].code not in TRIABLE:
        why = _("Only a session that fails one of the questions 1, 3, 4 and 5 is tried.")
        fix, how = held[0].fix, _("One of its questions may stay open; the others need an answer.")
    elif not live.metric:
        why, fix = _("A trial without a metric cannot be judged."), _(METRIC)
        how = _(HOW_TO_MEASURE)
    else:
        why = _("{n} of {most} sessions are on trial already.", n=tried, most=most)
        fix = _("Answer the question, or leave the session out.")
    return Failed(held[0].code, "trial", _("may it be tried"), why, fix, how=how)
