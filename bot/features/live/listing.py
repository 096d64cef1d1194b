"""The sessions of a cohort as data: for programs, and for what a rehearsal leaves."""

from typing import Any

from bot.core.contributions import SURVEYED
from bot.core.people import Cohort
from bot.core.time import write_instant
from bot.core.translation import in_english
from bot.course.gate.values import Failed
from bot.course.loader import course_of
from bot.features.live import judging, rules, weighing
from bot.features.live.judging import Judged
from bot.features.live.store import Lives


def listed(turn: Lives, cohort: Cohort) -> list[dict[str, Any]]:
    """Every session of the course, and those that took place. Figures, and no names."""
    zones, limits = weighing.zones_of(turn, cohort), course_of(cohort.course_text).live_rules
    judged = {one.session.id: one for one in judging.judge(turn, cohort)}
    with in_english():
        weighed = {one.live.id: one for one in weighing.weighed(turn, cohort)}
    surveyed = dict(turn.collect(SURVEYED, cohort))
    found = []
    for session in turn.store.of(cohort.id):
        if session.state == "removed":
            continue
        one = weighed.get(session.name)
        is_missed = session.is_missed(turn.now)
        failed = one.failed if one is not None and not session.has_begun(turn.now) and not is_missed else ()
        went = judged.get(session.id)
        outside = (went and went.counted.outside) or rules.shares_outside(session, zones, limits)
        found.append(
            {
                "id": session.name,
                "week": session.week,
                "title": session.title,
                "state": "over" if is_missed or session.is_over(turn.now) else session.state,
                "failed": [_failed(f) for f in failed if f.required or session.state == "held"],
                "slots": [
                    {"at": write_instant(at), "outside": share}
                    for at, share in zip(session.slots, outside, strict=True)
                ],
                **_figures(went),
                "survey": surveyed.get(session.name),
            }
        )
    return found


def _failed(failed: Failed) -> dict[str, str]:
    return {"question": failed.code, "why": failed.why}


def _metric(one: Judged) -> dict[str, Any] | None:
    """Both sides of a session's own measure, each with what came of it."""
    metric = one.live.metric if one.live is not None else None
    if metric is None:
        return None
    attended = one.counted.share(one.counted.attended)
    return {
        "attended": {"wanted": metric.attended, "was": attended},
        "worth": {"wanted": metric.worth, "was": one.worth},
    }


def _figures(one: Judged | None) -> dict[str, Any]:
    """`by`: how those who came are known."""
    if one is None:
        return dict.fromkeys(("base", "attended", "by", "reflected", "neither", "verdict", "metric"))
    counted = one.counted
    by = {
        "press": counted.attended - counted.by_word,
        "word": counted.by_word,
        "heads": counted.heads,
        "uncertain": counted.is_uncertain,
    }
    return {
        "base": counted.base,
        "attended": counted.attended,
        "by": by,
        "reflected": counted.reflected,
        "neither": counted.neither,
        "verdict": one.verdict or None,
        "metric": _metric(one),
    }
