"""The replacement of a live session, as a change of the course file: the week's total stays what it was."""

from dataclasses import replace

from bot.core.errors import NotFound
from bot.core.translation import _
from bot.course import edit, structure
from bot.course.gate.payment import could_pay, identified, payment
from bot.course.gate.values import Circumstances
from bot.course.loader import load
from bot.course.model import Course, Live, Payment
from bot.course.titles import same_title

ROUND = 5
"""Minutes of a check-in."""

DISCUSSED = 30
"""Minutes of a structured discussion, where its week has room for them."""

LEAST = 5
"""Minutes of a replacement in a week that has none to give."""


def replaced(text: str, id: str) -> str:
    """The file with what replaces a live session of its kind: a recorded video with pause prompts, a structured
    discussion, a shared document with check-ins and a milestone, or work that gets feedback. What paid for the session
    pays for that, and what else could have paid gives the rest. Raises NotFound, or FormRefused where the file cannot
    be changed so."""
    course = load(text)
    live, at = _find(course, id)
    pays = paid_in_full(live, course, id)
    minutes = sum(pay.minutes for pay in pays)
    room = max(0, course.weekly_minutes - course.minutes(live.week) + live.unpaid)
    live = replace(live, minutes=max(LEAST, min(live.minutes, minutes + room)))
    after = structure.removed(text, "live", at)
    for pay in pays:
        after = _less(after, live, pay)
    match live.kind:
        case "content" | "office_hours":
            return structure.added(after, f"weeks[{live.week - 1}].materials", _video(live))
        case "discussion" | "decision" | "community":
            return structure.added(after, "discussions", _discussion(live))
        case "problem":
            page = {**_item(live, f"{live.id}-page"), "days": "Tue 09:00", "minutes": str(ROUND)}
            after = structure.added(after, "checkins", page)
            return structure.added(after, "milestones", _work(live, max(1, live.minutes - ROUND)))
        case _:
            return structure.added(after, "milestones", _work(live, live.minutes))


def _find(course: Course, id: str) -> tuple[Live, int]:
    found = next(((live, n) for n, live in enumerate(course.live) if live.id == id), None)
    if found is None:
        raise NotFound(_("This session is not in the course any more."))
    return found


def structured(text: str, number: int) -> str:
    """The file with a structured discussion in a week, as long as the week has room for. Raises NotFound."""
    course = load(text)
    week = course.week(number)
    if week is None:
        raise NotFound
    known = {one.id for one in identified(course)} | {live.id for live in course.live}
    names = (f"talk-{number}" if n == 1 else f"talk-{number}-{n}" for n in range(1, len(known) + 2))
    id = next(name for name in names if name not in known)
    room = course.weekly_minutes - course.minutes(number)
    minutes = max(LEAST, min(DISCUSSED, room))
    return structure.added(text, "discussions", _discussion(Live(id, number, week.title, minutes, (), goal=week.goal)))


def paid_in_full(live: Live, course: Course, id: str) -> list[Payment]:
    """What pays for a session, without what cannot, and what else of its week could pay for the rest."""
    others = tuple(other for other in course.live if other.id != id)
    given, found = Circumstances(others), list[Payment]()
    for pay in live.pays:
        tried = replace(live, pays=(*found, pay), minutes=sum(p.minutes for p in (*found, pay)))
        if not list(payment(tried, course, given)):
            found.append(pay)
    missing = live.minutes - sum(pay.minutes for pay in found)
    rest = could_pay(course, live.week, missing, Circumstances((*others, replace(live, pays=tuple(found)))))
    return [*found, *rest]


def _item(live: Live, id: str) -> dict[str, str]:
    return {"id": id, "week": str(live.week), "title": live.title}


def _work(live: Live, minutes: int) -> dict[str, str]:
    return {**_item(live, live.id), "due": "Sat 23:59 aoe", "minutes": str(minutes)}


def _video(live: Live) -> dict[str, str]:
    guide = [*live.reflection] or [_("Pause half-way. What would you ask now?")]
    return {
        "title": live.title,
        "kind": "video",
        "minutes": str(live.minutes),
        "guide": "\n".join(guide),
    }


def _discussion(live: Live) -> dict[str, str]:
    return {
        **_item(live, live.id),
        "question": live.goal or live.title,
        "protocol": "claim\nevidence\nquestion",
        "replies": "1",
        "opens": "Mon 09:00",
        "closes": "Sat 23:59",
        "minutes": str(live.minutes),
    }


def _less(text: str, live: Live, pay: Payment) -> str:
    """The file with fewer minutes for what paid; a material without any is taken out."""
    course = load(text)
    section = f"weeks[{live.week - 1}].materials"
    week = course.week(live.week)
    for n, material in enumerate(week.materials if week else ()):
        if same_title(material.title, pay.item):
            left = material.minutes - pay.minutes
            if left <= 0:
                return structure.removed(text, section, n)
            return edit.replaced(text, f"{section}[{n}]", {"minutes": str(left)})
    path = next((one.path for one in identified(course) if one.id == pay.item), None)
    if path is None:
        return text
    minutes = next((i.minutes for i in course.items(live.week) if i.path == path), 0)
    left = minutes - pay.minutes
    return edit.replaced(text, path, {"minutes": str(left) if left > 0 else ""})
