"""The form of 'Change it'."""

from collections.abc import Mapping, Sequence

from bot.core.actions import Action
from bot.core.forms import ChoiceField, Field, Form, TextField, yes_no
from bot.core.message import Option, shorten
from bot.core.people import Cohort
from bot.core.translation import N_, _
from bot.course.edit import Editable, Item
from bot.course.gate.payment import Identified
from bot.course.gate.slots import Suggested
from bot.course.item_forms import LONGEST, in_form
from bot.course.model import Course, Live
from bot.features.live import proposal_views

WORDS: Mapping[str, tuple[str, str]] = {
    "id": (N_("Its name in the file"), N_("With another one it is another session: whoever said yes says so again.")),
    "week": (N_("Week"), ""),
    "title": (N_("Title"), ""),
    "minutes": (N_("Minutes"), N_("As short as possible, {longest} at the most.")),
    "slots": (N_("Times"), ""),
    "kind": (N_("What people do in it"), ""),
    "objective": (N_("Only together they can"), N_("In the words of the course: {objectives}")),
    "goal": (N_("Why it exists"), N_("One sentence; learners read it.")),
    "link": (N_("Link to the call"), N_("https://… Only those who say yes read it.")),
    "optional": (N_("Nobody has to come"), ""),
    "alternative": (N_("What counts as much"), N_("For those who do not come, one of: {others}")),
    "reflection": (N_("Questions on the recording"), N_("One a line; answering them counts as having come.")),
    "recorded": (N_("Recorded and shared"), N_("What is sensitive is not recorded.")),
    "pays": (N_("What gives up its minutes"), N_("One a line: an id or a title of its week, and its minutes.")),
    "workload": (N_("The same in words"), N_("For learners, if you like.")),
    "metric": (N_("Worth it if"), N_("So many percent come, and so many of them find it worth it, such as 50, 70.")),
    "trial": (N_("On trial"), N_("It may leave one question open, once the cohort's manager has agreed.")),
    "mandated": (N_("A policy asks for it"), N_("By its name. The manager agrees first; absence counts nowhere.")),
}
"""What a key of the file is called here, and what is said about it."""


def form(
    cohort: Cohort,
    item: Item,
    editable: Sequence[Editable],
    course: Course,
    live: Live,
    slots: Sequence[Suggested],
    others: Sequence[Identified],
) -> Form:
    """`slots`: times that would do, by the cohort's clock. `others`: what could count in full in its place."""
    said: dict[str, object] = {
        "longest": course.live_rules.longest,
        "objectives": "; ".join(shorten(one, 60) for one in course.live_only),
        "others": ", ".join(["recording", "feedback", *(one.id for one in others)]),
    }
    shown: list[Field] = []
    for one in in_form(editable):
        label, hint = WORDS[one.name]
        label, hint = _(label), _times(cohort, slots) if one.name == "slots" else _(hint, **said) if hint else ""
        if one.name == "kind":
            options = tuple(Option(kind, _(name)) for kind, name in proposal_views.KINDS.items())
            shown.append(ChoiceField(one.name, label, options, hint, one.required, one.value))
        elif one.choices:
            options = (Option("yes", _("Yes")), Option("no", _("No")))
            shown.append(ChoiceField(one.name, label, options, hint, one.required, one.value))
        else:
            shown.append(TextField(one.name, label, hint, one.required, one.long, LONGEST, one.value))
    shown.append(yes_no("remove", _("Remove it"), _("You see first what goes with it.")))
    change = Action("revisions", "item", cohort.id, item.name).encode()
    title = _("Week {week}: {title}", week=live.week, title=live.title)
    return Form(change, shorten(title, 60), tuple(shown), _("Look at it"))


def _times(cohort: Cohort, slots: Sequence[Suggested]) -> str:
    """The hint of its times."""
    home = cohort.zone.replace("_", " ")
    if not slots:
        return _("One a line, by the clock of {zone}, such as Wed 08:00.", zone=home)
    times = ", ".join(
        _("{time} ({share} % outside waking hours)", time=str(one.moment).removesuffix(" cohort"), share=one.outside)
        for one in slots
    )
    return _("These would do: {times}. One a line, by the clock of {zone}.", times=times, zone=home)
