"""A live session keeps what pays for it when that gets another title, or another id."""

from bot.core.errors import FormRefused
from bot.course import edit
from bot.course.gate.payment import is_payer, name_in_file
from bot.course.loader import load
from bot.course.model import Course
from bot.course.titles import plain_title
from bot.course.weeks import pairs


def renamed(before: str, after: str) -> str:
    """The file `after` a change of `before`, in which live sessions name what pays for them as it is called now."""
    old, new = load(before), load(after)
    for n, live in enumerate(new.live):
        names = new_names(old, new, live.week)
        listed = [
            pay.item if is_payer(pay.item, new, live.week) else names.get(plain_title(pay.item), pay.item)
            for pay in live.pays
        ]
        if listed != [pay.item for pay in live.pays]:
            pays = "\n".join(f"{name}: {pay.minutes}" for name, pay in zip(listed, live.pays, strict=True))
            try:
                after = edit.replaced(after, f"live[{n}]", {"pays": pays})
            except FormRefused:
                return after
    return after


def new_names(old: Course, new: Course, week: int) -> dict[str, str]:
    """What stands in a week in place of what is gone, by its old name: the one new item of its kind that takes as long,
    or the one at the same place."""
    number = next((a for a, b in pairs(old, new).items() if b == week), week)
    was, now = ([i for i in course.items(n) if i.kind != "live"] for course, n in ((old, number), (new, week)))
    before, after = ({name_in_file(i, c): i for i in some} for some, c in ((was, old), (now, new)))
    gone = {name: i for name, i in before.items() if name and name not in after}
    fresh = {name: i for name, i in after.items() if name and name not in before}
    found: dict[str, str] = {}
    for name, item in gone.items():
        alike = [one for one, i in fresh.items() if (i.kind, i.minutes) == (item.kind, item.minutes)]
        same_place = [one for one in fresh if len(was) == len(now) and [*after].index(one) == [*before].index(name)]
        if len(alike) == 1 or same_place:
            found[plain_title(name)] = (same_place or alike)[0]
    return found
