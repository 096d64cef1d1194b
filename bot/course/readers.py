"""Who reads what is handed in for a milestone, in the words that its author reads."""

from bot.core.translation import _
from bot.course.model import Course


def are_more(course: Course, milestone: str, pod: bool = False) -> bool:
    """Whether others than the instructors read it."""
    return pod or any(r.milestone == milestone for r in course.reviews)


def readers(course: Course, milestone: str, pod: bool = False) -> str:
    """`pod`: somebody hands it in for their whole pod."""
    reviews = [r for r in course.reviews if r.milestone == milestone]
    if not reviews:
        return _("Your pod and your instructors see it.") if pod else _("Your instructors see it.")
    if all(r.anonymous for r in reviews):
        return (
            _("Your pod and your instructors see it, and some others on the course, without your names.")
            if pod
            else _("Your instructors see it, and some others on the course, without your name.")
        )
    return (
        _("Your pod and your instructors see it, and some others on the course, with your names.")
        if pod
        else _("Your instructors see it, and some others on the course, with your name.")
    )
