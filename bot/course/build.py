"""Builds the course from the values of a file without errors."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.course.model import (
    Alternative,
    Checkin,
    Completion,
    Course,
    Discussion,
    DiscussionRound,
    Extension,
    Faq,
    Live,
    LiveRules,
    Manager,
    Material,
    Medium,
    Messages,
    Metric,
    Milestone,
    Payment,
    Pods,
    PostField,
    Privacy,
    Prompt,
    Question,
    QuietRoom,
    Review,
    Scenario,
    ScenarioChoice,
    ScenarioNode,
    SelfCheck,
    Week,
)
from bot.course.protocols import DEFAULT, argument, named
from bot.course.reader import Read

_VIDEO = re.compile(r"\.(mp4|webm|mov|m4v)\b|youtu\.?be|vimeo|/videos?/", re.IGNORECASE)
_AUDIO = re.compile(r"\.(mp3|ogg|m4a|wav)\b|/podcasts?/", re.IGNORECASE)


def build(read: Read, spots: Mapping[str, tuple[int, int]]) -> Course:
    """The course of a file without errors."""
    weeks = tuple(_week(number, week) for number, week in enumerate(read["weeks"], 1))
    return Course(
        **{**read["course"], "completion": completion(read["course"]["completion"])},
        weeks=weeks,
        prompts=tuple(_prompt(p, len(weeks)) for p in read.get("prompts", ())),
        milestones=tuple(Milestone(**_extended(m)) for m in read.get("milestones", ())),
        discussions=tuple(_discussion(d) for d in read.get("discussions", ())),
        checkins=tuple(_checkin(c, len(weeks)) for c in read.get("checkins", ())),
        scenarios=tuple(_scenario(s) for s in read.get("scenarios", ())),
        reviews=tuple(Review(**{"week": review_week(r, read), **r}) for r in read.get("reviews", ())),
        pods=Pods(**read["pods"]) if "pods" in read else None,
        live=tuple(_live(session) for session in read.get("live", ())),
        rooms=tuple(QuietRoom(**_in_weeks(r, len(weeks))) for r in read.get("rooms", ())),
        live_rules=LiveRules(**read.get("live_rules", {})),
        faq=Faq(**read.get("faq", {})),
        privacy=Privacy(**read.get("privacy", {})),
        messages=_messages(read.get("messages", {})),
        manager=Manager(**read.get("manager", {})),
        spots=spots,
    )


def completion(value: Completion | Read) -> Completion:
    """The rule from its short form or its parts."""
    return value if isinstance(value, Completion) else Completion(**value)


def extension(value: Extension | Read) -> Extension:
    """The policy from its short form or its parts."""
    return value if isinstance(value, Extension) else Extension(value["self"], value["ask"], value["auto"])


def _extended(read: Read) -> Read:
    """What closes, with its policy."""
    return {**read, "extension": extension(read["extension"])}


def review_week(review: Read, read: Read) -> int:
    """The week of a review that names none: the one after its milestone is due, or the last."""
    due = (due_week(m) for m in read.get("milestones", ()) if m.get("id") == review.get("milestone"))
    return min(next(due, 1) + 1, len(read["weeks"]))


def due_week(milestone: Read) -> int:
    week: int = milestone["due"].week or milestone["week"]
    return week


def _week(number: int, read: Read) -> Week:
    materials = tuple(_material(m) for m in read.get("materials", ()))
    checks = tuple(SelfCheck(c) if isinstance(c, str) else SelfCheck(**c) for c in read.get("self_check", ()))
    return Week(number, **{**read, "materials": materials, "self_check": checks})


def _material(read: Read) -> Material:
    written: dict[str, Any] = dict(read)
    medium: Medium = written.pop("kind", None) or _medium(read["title"], read.get("link", ""))
    if written.get("transcript", "").lower() in ("no", "false", "none", "off"):
        del written["transcript"]
    return Material(medium=medium, **written)


def _medium(title: str, link: str) -> Medium:
    first = title.lower().split()[0].rstrip(":")
    if _VIDEO.search(link) or first in ("watch", "video", "film"):
        return "video"
    return "audio" if _AUDIO.search(link) or first in ("listen", "podcast", "audio") else "reading"


def _prompt(read: Read, weeks: int) -> Prompt:
    return Prompt(**{**_extended(_in_weeks(read, weeks)), "questions": tuple(_question(q) for q in read["questions"])})


def _checkin(read: Read, weeks: int) -> Checkin:
    return Checkin(**_extended(_in_weeks(read, weeks)))


def _in_weeks(read: Read, weeks: int) -> dict[str, Any]:
    """What is asked in one week, or in all."""
    written = {name: value for name, value in read.items() if name not in ("week", "weekly")}
    return {**written, "weeks": (read["week"],) if "week" in read else tuple(range(1, weeks + 1))}


def _question(read: Read) -> Question:
    steps = ("1", "2", "3", "4", "5") if read["kind"] == "scale" else ()
    return Question(**{"options": steps, **read})


def _discussion(read: Read) -> Discussion:
    """Without `rounds` it has one, with its own dates."""
    rest = {name: value for name, value in read.items() if name not in ("opens", "closes", "protocol", "rounds")}
    protocol = read.get("protocol") or (DEFAULT,)
    rounds = read.get("rounds") or ({"opens": read["opens"], "closes": read["closes"]},)
    made = (DiscussionRound(r["opens"], r["closes"], _fields(r.get("fields") or protocol)) for r in rounds)
    return Discussion(**_extended(rest), rounds=tuple(made))


def _fields(written: Sequence[str | Read]) -> tuple[PostField, ...]:
    """The fields of a post; a single one may be the name of a protocol."""
    first = written[0]
    if len(written) == 1 and isinstance(first, str) and (known := named(first)):
        return known
    return tuple(_field({"title": one} if isinstance(one, str) else one) for one in written)


def _field(read: Read) -> PostField:
    return PostField(**read, part=argument(read["title"]))


def _live(read: Read) -> Live:
    """What older files say in words has no item, payment or percentage, so the gate asks for it."""
    rest = {name: value for name, value in read.items() if name not in ("alternative", "pays", "metric")}
    instead, metric = read.get("alternative", ""), read.get("metric", "")
    return Live(
        **{"slots": (), **rest},
        alternative=Alternative(text=instead) if isinstance(instead, str) else Alternative(**instead),
        pays=tuple(Payment(**pay) for pay in read.get("pays", ())),
        metric=None if isinstance(metric, str) else Metric(**metric),
    )


def _scenario(read: Read) -> Scenario:
    nodes = tuple(_node(node) for node in read["nodes"])
    return Scenario(**{"start": nodes[0].id, **read, "nodes": nodes})


def _node(read: Read) -> ScenarioNode:
    choices = tuple(ScenarioChoice(**choice) for choice in read.get("choices", ()))
    return ScenarioNode(**{**read, "choices": choices})


def _messages(read: Read) -> Messages:
    rest = dict(read)
    hours = rest.pop("hours", None)
    return Messages(*hours, **rest) if hours else Messages(**rest)
