"""A material has no id: what pays with its title follows a new title."""

from bot.core.errors import FormRefused
from bot.course import edit
from bot.course.loader import load
from bot.course.problems import CourseInvalid


def renamed(before: str, after: str) -> str:
    """The file `after` an edit of `before`, in which live sessions name materials by their new titles."""
    try:
        old, new = load(before), load(after)
    except CourseInvalid:
        return after
    titles: dict[tuple[int, str], str] = {}
    for was, week in zip(old.weeks, new.weeks, strict=False):
        if len(was.materials) == len(week.materials):
            pairs = zip(was.materials, week.materials, strict=True)
            titles |= {(week.number, a.title.casefold()): b.title for a, b in pairs if a.title != b.title}
    for n, live in enumerate(new.live):
        names = [titles.get((live.week, pay.item.casefold()), pay.item) for pay in live.pays]
        if names != [pay.item for pay in live.pays]:
            pays = "\n".join(f"{name}: {pay.minutes}" for name, pay in zip(names, live.pays, strict=True))
            try:
                after = edit.replaced(after, f"live[{n}]", {"pays": pays})
            except FormRefused:
                return after
    return after
