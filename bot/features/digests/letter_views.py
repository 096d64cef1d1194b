"""The letter to learners who fell silent, as its manager sees it."""

from collections.abc import Sequence

from bot.core.forms import Form, TextField
from bot.core.message import Bold, Button, Message, buttons, message, note, paragraph, quote
from bot.core.people import Cohort
from bot.core.translation import _, _n, some_of
from bot.features.digests.desk_views import at

NAMED = 25
"""Names in one message."""

LONGEST = 3000


def draft() -> str:
    return _(
        "We have not read from you for a while, and we would miss you. There is nothing to explain, and nothing to "
        "catch up on before you write. If another pace, a few days more, a pause or the next run would suit you "
        "better, reply in a word, and we find a way. And if all is well, carry on as you like."
    )


def letter(cohort: Cohort, names: Sequence[str], written: int, today: str) -> Message:
    """`written`: how many more had one already."""
    if not names and written:
        return message(paragraph(_had(written)))
    if not names:
        return message(paragraph(_("Nobody in {title} is quiet now.", title=cohort.title)))
    number = len(names)
    return message(
        paragraph(
            Bold(_n("{n} has been quiet for two weeks:", "{n} have been quiet for two weeks:", number)),
            f" {some_of(names, NAMED)}.",
        ),
        paragraph(_("A draft for them, from you:")),
        quote(draft()),
        note(_had(written)) if written else None,
        note(
            _(
                "Each gets it alone at their next hour, as one of their three messages of the week, and once in a "
                "silence. A reply comes to you and the course team. Only you see these names."
            )
        ),
        buttons(
            Button(
                _n("Send it to {n}", "Send it to the {n}", number),
                at("digests", "send_letter", cohort.id, today),
                "primary",
            ),
            Button(_("Edit it first"), at("digests", "edit_letter", cohort.id, today)),
        ),
    )


def form(cohort: Cohort, today: str) -> Form:
    field = TextField("text", _("Your letter"), long=True, max_length=LONGEST, value=draft())
    return Form(at("digests", "edit_letter", cohort.id, today), _("Write to who is quiet"), (field,), submit=_("Send"))


def empty() -> str:
    return _("Write a few words, or close the form: then nobody gets anything.")


def _had(number: int) -> str:
    return _n(
        "{n} has had a letter in this silence already, and gets no other.",
        "{n} have had a letter in this silence already, and get no other.",
        number,
    )


def sent(reached: int, before: int, text: str) -> Message:
    """`before`: how many had a letter already. Where nobody gets it, its author gets it back."""
    had = _had(before)
    if not reached:
        why = had if before else _("Nobody is quiet any more, so nobody gets it.")
        return message(paragraph(why), quote(text) if text != draft() else None)
    said = _n(
        "{n} learner gets it at their next hour for messages.",
        "{n} learners get it, each at their next hour for messages.",
        reached,
    )
    return message(paragraph(Bold(_("Thank you.")), f" {said}"), paragraph(had) if before else None)
