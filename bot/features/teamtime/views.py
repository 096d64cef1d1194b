"""What instructors are asked about their time, and what is read of it."""

from datetime import datetime, timedelta

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Figure, Measure, Pile, Snag, Urgency
from bot.core.message import Bold, Button, Message, buttons, message, note, paragraph
from bot.core.people import Cohort
from bot.core.time import say_minutes
from bot.core.translation import _, _n, phrase
from bot.features.teamtime import rules


def on_desk(cohort: int, person: int, week: int) -> str:
    return f"teamtime/{cohort}/{person}/{week}"


def _tap(cohort: int, week: int, minutes: int) -> Button:
    return Button(say_minutes(minutes), Action("teamtime", "took", cohort, f"{week}.{minutes}").encode())


def _ask(label: str, cohort: int, week: int) -> Button:
    return Button(label, Action("teamtime", "ask", cohort, str(week)).encode())


def pile(cohort: Cohort, person: int, week: int, since: datetime, suggested: tuple[int, int]) -> Pile:
    said = _("How long did week {week} take you, all in all?", week=week)
    taps = [*(_tap(cohort.id, week, n) for n in suggested), _ask(_("Another time"), cohort.id, week)]
    item = DeskItem(on_desk(cohort.id, person, week), since, (said,), hint=(_who_reads(),), buttons=taps)
    # Below everything that somebody waits for.
    return Pile("teamtime", (_("Your own time"),), [item], urgency=Urgency.FOR_INFORMATION)


def asked(cohort: Cohort, week: int) -> Message:
    return message(
        paragraph(_("How long did week {week} of {title} take you, all in all?", week=week, title=cohort.title)),
        note(_who_reads()),
        buttons(*(_tap(cohort.id, week, n) for n in rules.CHOICES)),
    )


def noted(cohort: Cohort, week: int, minutes: int) -> Message:
    said = phrase("Noted: week {week} took you about {span}.", week=str(week), span=Bold(say_minutes(minutes)))
    return message(paragraph(*said), buttons(_ask(_("Change that"), cohort.id, week)))


def _who_reads() -> str:
    return _("Your course team and its manager see totals and averages. What nobody says is not measured.")


def figure(cohort: Cohort, week: int, mean: int, before: int | None, said: int, of: int, look: bool) -> Figure:
    """`said`: how many instructors did, `of` all. `before`: the mean of the week before; None: nobody said."""
    return Figure(
        "teamtime/week",
        _("Week {week} took an instructor (on average)", week=week),
        timedelta(minutes=mean),
        before=None if before is None else timedelta(minutes=before),
        wants_a_look=look,
        button=Button(_("Name another instructor"), Action("enrolment", "person", cohort.id).encode()),
        more=[_n("{said} of {n} said so", "{said} of {n} said so", of, said=said)],
    )


def measure(mean: int | None, said: int) -> Measure:
    label = _("An instructor's time in a week (average)")
    return Measure("teamtime/week", label, None if mean is None else timedelta(minutes=mean), said)


def snag(week: int, minutes: int, said: int) -> Snag:
    return Snag("team", week, timedelta(minutes=minutes), said)
