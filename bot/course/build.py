"""Makes the course out of what was read, once nothing in it is wrong."""

import re
from collections.abc import Mapping
from typing import Any

from bot.course.model import (
    Completion,
    Course,
    Discussion,
    Faq,
    Live,
    Material,
    Medium,
    Messages,
    Milestone,
    Privacy,
    Prompt,
    Question,
    Review,
    SelfCheck,
    Week,
)
from bot.course.reader import Read

_VIDEO = re.compile(r"\.(mp4|webm|mov|m4v)\b|youtu\.?be|vimeo|/videos?/", re.IGNORECASE)
_AUDIO = re.compile(r"\.(mp3|ogg|m4a|wav)\b|/podcasts?/", re.IGNORECASE)


def build(read: Read, spots: Mapping[str, tuple[int, int]]) -> Course:
    """The course of a file that was read without an error."""
    weeks = tuple(_week(i + 1, w) for i, w in enumerate(read["weeks"]))
    milestones = tuple(Milestone(**m) for m in read.get("milestones", ()))
    return Course(
        id=read["course"]["id"],
        title=read["course"]["title"],
        weekly_minutes=read["course"]["weekly_minutes"],
        completion=completion(read["course"]["completion"]),
        weeks=weeks,
        prompts=tuple(_prompt(p, len(weeks)) for p in read.get("prompts", ())),
        milestones=milestones,
        discussions=tuple(Discussion(**d) for d in read.get("discussions", ())),
        reviews=tuple(Review(**{"week": review_week(r, read), **r}) for r in read.get("reviews", ())),
        live=tuple(Live(**{"slots": (), **item}) for item in read.get("live", ())),
        faq=Faq(**read.get("faq", {})),
        privacy=Privacy(**read.get("privacy", {})),
        messages=_messages(read.get("messages", {})),
        spots=spots,
    )


def completion(value: Completion | Read) -> Completion:
    """The rule from its short form or its parts."""
    return value if isinstance(value, Completion) else Completion(**value)


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
    transcript = written.pop("transcript", "")
    if transcript.lower() in ("no", "false", "none", "off"):
        transcript = ""
    return Material(medium=medium, transcript=transcript, **written)


def _medium(title: str, link: str) -> Medium:
    first = title.lower().split()[0].rstrip(":")
    if _VIDEO.search(link) or first in ("watch", "video", "film"):
        return "video"
    if _AUDIO.search(link) or first in ("listen", "podcast", "audio"):
        return "audio"
    return "reading"


def _prompt(read: Read, weeks: int) -> Prompt:
    return Prompt(
        id=read["id"],
        title=read["title"],
        weeks=(read["week"],) if "week" in read else tuple(range(1, weeks + 1)),
        opens=read["opens"],
        closes=read["closes"],
        questions=tuple(_question(q) for q in read["questions"]),
    )


def _question(read: Read) -> Question:
    steps = ("1", "2", "3", "4", "5") if read["kind"] == "scale" else ()
    return Question(**{"options": steps, **read})


def _messages(read: Read) -> Messages:
    hours = read.get("hours")
    rest = {k: v for k, v in read.items() if k != "hours"}
    return Messages(hours[0], hours[1], **rest) if hours else Messages(**rest)
