"""The gate's reasons in people's words: the figure, and what to do."""

import re

from bot.core.message import shorten
from bot.core.translation import _, any_of
from bot.course.gate.questions import REPLACEMENTS
from bot.course.gate.times import TWO
from bot.course.gate.values import Failed
from bot.course.gate.verdicts import TRIED
from bot.course.model import Course, LiveKind
from bot.features.live.rules import Weighed

OBJECTIVES = 3
"""Objectives of the course that are named at once."""

_CODE = re.compile(r"`([^`]{0,200})`")


def why(one: Weighed, failed: Failed) -> str:
    """Why it does not pass, as a sentence. The course file's diagnosis names its keys; people read no key."""
    if failed.key == "objective":
        return _("What people learn in it is none of what this course keeps for live sessions.")
    said = _CODE.sub(r"“\1”", failed.why.removesuffix(TRIED).rstrip()).replace(" cohort”", "”")
    if one.live.kind in REPLACEMENTS and failed.key == "kind":
        said = _("This goes as well or better in everybody's own time.")
    return f"{said[0].upper()}{said[1:]}"


def how(one: Weighed, failed: Failed, course: Course) -> str:
    """What to do about it."""
    limits, kind = course.live_rules, one.live.kind
    match failed.key:
        case "kind":
            return _kind(kind)
        case "objective" if not course.live_only:
            return _("Say what learners can only learn together at one time: few things are.")
        case "objective":
            some = [f"“{shorten(text, 80)}”" for text in course.live_only[:OBJECTIVES]]
            return _("Choose {objectives}.", objectives=any_of(some))
        case "optional":
            return _("Make it optional.")
        case "alternative" if kind == "sensitive":
            return _("Let feedback in private count in full.")
        case "alternative" if one.live.alternative.text == "recording":
            return _("Ask a question or two about the recording, such as what was new.")
        case "alternative":
            return _("Let the recording with a question or two count in full, or something that they hand in.")
        case "recorded" if kind == "sensitive":
            return _("Record nothing, and let feedback in private count in full.")
        case "recorded":
            return _("Have it recorded, for all who cannot come.")
        case "minutes":
            return _("Plan at most {minutes} min.", minutes=limits.longest)
        case "week":
            return _("Choose another week for it, or join it with the other one.")
        case "slots" if failed.fix == TWO:
            return _("Two times, {hours} h apart, reach most zones.", hours=limits.slots_apart)
        case "pays":
            return _pays(failed)
        case "trial" if one.live.metric is not None:
            few = failed.fix in [f.fix for f in one.holding if f is not failed]
            return _("Answer all of its questions but one.") if few else _CODE.sub(r"“\1”", failed.fix)
        case "metric" | "trial":
            return _("Say how many percent should come, and how many should find it worth it.")
        case _:
            return _CODE.sub(r"“\1”", failed.fix)


def _kind(kind: LiveKind | None) -> str:
    if kind is None:
        return _("Say what people do in it: rehearse, negotiate, decide, or get to know one another.")
    if kind == "office_hours":
        return _("Promise an answer to questions within 24 h first; `/cohort course` has the file.")
    what = {
        "content": _("a recorded video with pause prompts"),
        "discussion": _("a structured discussion"),
        "problem": _("a shared document with check-ins, and a milestone"),
    }
    return _("Make it {what}.", what=what[kind])


def _pays(failed: Failed) -> str:
    """The minutes that something else of the week can give."""
    if "There is " in failed.fix:
        what = failed.fix.partition("There is ")[2].rstrip(".")
        return _("These can give up minutes: {what}.", what=what)
    return _CODE.sub(r"“\1”", failed.fix)
