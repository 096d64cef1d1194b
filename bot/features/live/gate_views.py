"""What to do about a session that fails the gate, for people who read no keys of the course file."""

from bot.core.message import shorten
from bot.core.translation import _, any_of
from bot.course.gate.values import Failed
from bot.course.model import Course
from bot.features.live.rules import Weighed

OBJECTIVES = 3
"""Objectives of the course that are named at once."""


def how(one: Weighed, failed: Failed, course: Course) -> str:
    """What to do about it."""
    limits, kind = course.live_rules, one.live.kind
    match failed.key:
        case "kind" if kind is None:
            return _("Say what people do in it: rehearse, negotiate, decide, or get to know one another.")
        case "kind" if kind == "office_hours":
            return _("Promise an answer to questions within 24 h first; `/cohort course` has the file.")
        case "objective" if not course.live_only:
            return _("Say what learners can only learn together at one time: few things are.")
        case "objective":
            some = [f"“{shorten(text, 80)}”" for text in course.live_only[:OBJECTIVES]]
            return _("Choose {objectives}.", objectives=any_of(some))
        case "optional":
            return _("Make it optional.")
        case "alternative" if kind == "sensitive":
            return _("Let feedback in private count in full.")
        case "alternative" if one.live.alternative.text == "recording" and not one.live.recorded:
            return _("Have it recorded, or let something that they hand in count in full.")
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
        case "metric":
            return _("Say how many percent should come, and how many should find it worth it.")
        case _:
            return failed.how or failed.fix
