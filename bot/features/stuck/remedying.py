"""Remedies as changes of the course file, which an instructor looks at before they are used."""

from bot.core.errors import NotFound
from bot.core.translation import _
from bot.course import edit, structure
from bot.course.loader import load
from bot.course.model import Course, Milestone
from bot.features.stuck.rules import AS_IT_IS, Remedy, Spot, Way, ahead, crowded

WATCHED, READ, REVIEWED = 10, 15, 30
"""Minutes that a walk-through, a worked example and the reviews of one learner take."""


def remedied(text: str, spot: Spot, remedy: Remedy, now: int, way: Way = AS_IT_IS) -> str:
    """The file with a remedy, in the week of the spot or the present one if that is over, or by the `way` that was
    chosen because this week is full. Raises NotFound if it does not fit any more, and FormRefused."""
    course = load(text)
    first = max(spot.week, now)
    after = _added(text, course, spot, remedy, max(first, way.week or first), now)
    if way.gives is None:
        return after
    full = crowded(course, load(after))
    material = full and next((m for n, m in enumerate(full.materials) if n == way.gives), None)
    if not full or not material:
        raise NotFound
    path = f"{structure.materials_of(full.week)}[{way.gives}]"
    return edit.replaced(after, path, {"minutes": str(material.minutes - full.over)})


def _added(text: str, course: Course, spot: Spot, remedy: Remedy, week: int, now: int) -> str:
    if course.week(week) is None:
        raise NotFound
    if remedy in ("walk", "example"):
        return structure.added(text, structure.materials_of(week), _material(spot.title, remedy))
    if remedy == "review":
        return structure.added(text, "reviews", _review(course, _milestone(course, spot)))
    if (later := ahead(course, now)) is None:
        raise NotFound
    return _split(text, course, *later)


def _material(title: str, remedy: Remedy) -> dict[str, str]:
    if remedy == "walk":
        guide = _("Pause before each step, and say what you would do.")
        named = _("{title}: a walk-through", title=title)
        return {"title": named, "kind": "video", "minutes": str(WATCHED), "guide": guide}
    guide = _("Which step would you have done in another way?")
    return {
        "title": _("{title}: a worked example", title=title),
        "kind": "reading",
        "minutes": str(READ),
        "guide": guide,
    }


def _milestone(course: Course, spot: Spot) -> Milestone:
    for at, milestone in enumerate(course.milestones):
        if spot.path == f"milestones[{at}]":
            return milestone
    raise NotFound


def _review(course: Course, milestone: Milestone) -> dict[str, str]:
    return {
        "id": _free(course, f"{milestone.id}-review"),
        "milestone": milestone.id,
        "title": _("Look at two of “{title}”", title=milestone.title),
        "rubric": "\n".join((_("What works best?"), _("What would you change first?"))),
        "minutes": str(REVIEWED),
    }


def _split(text: str, course: Course, at: int, milestone: Milestone) -> str:
    """Its first half is due a week earlier, at the same time of the week."""
    path = f"milestones[{at}]"
    said = {field.name: field.value for field in edit.fields(text, path)}
    half = str(milestone.minutes // 2) if milestone.minutes else ""
    first = {
        "id": _free(course, f"{milestone.id}-1"),
        "title": _("{title}: first part", title=milestone.title),
        "week": str(milestone.week - 1),
        "due": said.get("due", ""),
        "minutes": half,
    }
    if half:
        text = edit.replaced(text, path, {**said, "minutes": str(milestone.minutes - int(half))})
    return structure.added(text, "milestones", first, at)


def _free(course: Course, id: str) -> str:
    """A name that nothing in the course has."""
    known = {one.id for one in course.milestones} | {one.id for one in course.reviews}
    return next(name for n in range(len(known) + 1) if (name := f"{id}-{n + 1}" if n else id) not in known)
