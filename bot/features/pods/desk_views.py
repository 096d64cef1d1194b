"""What the course team reads about pods: on the desk, and as it acts there."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.contributions import DeskItem, Pile, Urgency
from bot.core.forms import Form, TextField
from bot.core.message import (
    Bold,
    Message,
    buttons,
    message,
    paragraph,
    quote,
    shorten,
)
from bot.core.people import Cohort, Person
from bot.core.time import say_span
from bot.core.translation import _, _n
from bot.features.pods.rules import QUIET_FOR, Quiet
from bot.features.pods.store import Pod
from bot.features.pods.views import action_button, names

LONGEST_LETTER = 3000
"""Characters."""

NAMES = 120
"""Characters of the names of a pod's people."""

MINUTES = 2
"""How long one line of the desk takes."""


def without_channel(cohort: Cohort, pods: Sequence[tuple[Pod, Sequence[Person]]]) -> Pile:
    items = [
        DeskItem(
            name=pod.desk_name,
            since=pod.formed_at,
            text=(named(pod, people),),
            hint=(pod.why,),
            buttons=(action_button(_("Try again"), "again", cohort.id, str(pod.id)),),
            minutes=MINUTES,
        )
        for pod, people in pods
    ]
    return Pile("pods/channel", (_("Pods whose channel does not work"),), items, urgency=Urgency.DUE)


def named(pod: Pod, people: Sequence[Person]) -> str:
    if not people:
        return _("Pod {number}", number=pod.number)
    return _("Pod {number}: {names}", number=pod.number, names=shorten(names(people), NAMES))


def quiet(cohort: Cohort, pods: Sequence[Quiet]) -> Pile:
    """What they write to one another is not read, so it says what is known, and no more."""
    items = []
    for one in pods:
        pod, partner = one.pod, one.partner
        merge = action_button(_("Merge it"), "merge", cohort.id, f"{pod.id}.{partner.id}") if partner else None
        why = (
            _("nobody has done anything in the course for {span}", span=say_span(QUIET_FOR))
            if one.silent
            else _("nobody has used 'Introduce yourself'; whether they write to one another, I do not read")
        )
        write = action_button(_("Write to them"), "letter", cohort.id, str(pod.id))
        hint = (_("The nearest pod with room is pod {number}.", number=partner.number),) if partner else ()
        items.append(
            DeskItem(
                name=pod.quiet_name,
                since=one.since,
                text=(_("{pod}: {why}", pod=named(pod, one.people), why=why),),
                hint=hint,
                buttons=(merge, write) if merge else (write,),
                minutes=MINUTES,
            )
        )
    return Pile("pods/quiet", (_("Pods that may be quiet"),), items, can_be_seen=True)


def waiting(number: int) -> Pile:
    title = _n("{n} learner waits for a pod", "{n} learners wait for a pod", number)
    return Pile("pods/waiting", (title,), urgency=Urgency.FOR_INFORMATION)


def takes_nothing() -> str:
    return _("The channel takes no posts of mine.")


def trying(pod: Pod) -> Message:
    return message(paragraph(_("I try again. If it does not work, pod {number} is back here.", number=pod.number)))


def sure_to_merge(cohort: Cohort, pod: Pod, people: Sequence[Person], other: Pod, others: Sequence[Person]) -> Message:
    return message(
        paragraph(
            _(
                "Bring {some} into pod {number}, with {others}? All of them hear of it, and the channel of pod "
                "{closed} is closed.",
                some=names(people),
                number=other.number,
                others=names(others),
                closed=pod.number,
            )
        ),
        buttons(action_button(_("Merge them"), "merge_now", cohort.id, f"{pod.id}.{other.id}")),
    )


def merged(pod: Pod, other: Pod) -> Message:
    return message(
        paragraph(_("Done: the people of pod {number} are in pod {other} now.", number=pod.number, other=other.number))
    )


def letter() -> str:
    return _(
        "Nobody reads what your pod writes, so this may not fit: if you are in touch already, all is well. If it is "
        "quiet so far, that happens. Two lines about yourself in its channel, or what you are working on this week, "
        "are often enough for the others to follow. If you would rather be in another pod, or in none, reply in a "
        "word, and we find a way."
    )


def letter_form(cohort: Cohort, pod: Pod, people: Sequence[Person]) -> Form:
    field = TextField("text", _("Your letter"), long=True, max_length=LONGEST_LETTER, value=letter())
    return Form(
        Action("pods", "letter", cohort.id, str(pod.id)).encode(),
        _("Write to pod {number}", number=pod.number),
        (field,),
        submit=_("Send"),
        intro=_(
            "{names}: each gets it alone at their next hour, as one of their three messages of the week. A reply comes "
            "to you and the course team.",
            names=shorten(names(people), NAMES),
        ),
    )


def no_letter() -> str:
    return _("Write a few words, or close the form: then nobody gets anything.")


def letter_sent(people: Sequence[Person], text: str) -> Message:
    """`people`: who gets it. Where that is nobody, its author has it back."""
    if not people:
        said = _(
            "All of them have had a word of the course team in the last {span}, so nobody gets another one.",
            span=say_span(QUIET_FOR),
        )
        return message(paragraph(said), quote(text) if text != letter() else None)
    said = _("{names} get it, each alone at their next hour for messages.", names=names(people))
    if len(people) == 1:
        said = _("{name} gets it at their next hour for messages.", name=people[0].name)
    return message(paragraph(Bold(_("Thank you.")), f" {said}"))


def changed_since() -> str:
    return _("These pods have changed since. Your desk shows how they are now.")
