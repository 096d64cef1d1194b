"""What thanks say."""

from collections.abc import Sequence

from bot.core.actions import Action
from bot.core.contributions import Extra, Passage
from bot.core.message import Button, Jump, Message, Text, buttons, message, note, paragraph
from bot.core.people import MessageRef
from bot.core.translation import _, all_of, phrase, some_of


def thanked(name: str, left: int) -> Message:
    more = (
        _("You can thank {left} more times this week.", left=left)
        if left > 1
        else _("Once more this week.")
        if left
        else ""
    )
    return message(
        paragraph(_("{name} hears it from me, with your name.", name=name)),
        note(more) if more else None,
    )


def from_nobody(others: Sequence[Button]) -> Message:
    """`others`: how to thank for what came without a name."""
    said = _("This message does not say who of the cohort wrote it, so I know nobody to thank for it.")
    reviews = _("For a review of your work, say how useful it was, and answer if you like: no name is shown.")
    return message(paragraph(said), paragraph(reviews) if others else None, buttons(*others) if others else None)


def line(names: Sequence[str], ref: MessageRef) -> Text:
    """For people who were thanked; the link leads to the newest of the messages."""
    who = some_of([*names[-3:], *names[:-3]], 3)
    if not ref.id:
        return phrase("Thanks from {who}.", who=who)
    return phrase(
        "Thanks from {who} for {what}.", who=who, what=Jump(f"thanks/{ref.channel}/{ref.id}", _("what you wrote"), ref)
    )


NAMED = 8
"""People who are named in a post at most."""

SPOKEN = 5
"""People who are named in a recap at most."""


def collected(names: Sequence[str]) -> Extra:
    """For 'the week together'. `names`: by the alphabet."""
    return Extra((_("Thanks of the week go to {names}.", names=_some(names, NAMED)),))


def passage(names: Sequence[str], number: int) -> Passage:
    """For the instructor's recap. `number`: how many thanks there were."""
    if names:
        text = _("Others thanked {names} this week, and so do I.", names=_some(names, SPOKEN))
    elif number > 1:
        text = _("You said thank you to one another {number} times this week. That carries a group.", number=number)
    else:
        text = _("Somebody among you was thanked this week. That carries a group.")
    return Passage("thanks/week", "thanks", text)


def _some(names: Sequence[str], most: int) -> str:
    return all_of(names) if len(names) <= most else some_of(names, most)


# Whether somebody may be named


def may_be_named(cohort: int, agreed: bool | None) -> Message:
    """The question, and once they said its receipt."""
    if agreed is None:
        said = _(
            "You helped somebody. May I name you on Friday among those who are thanked, and quote you in the recap?"
        )
    elif agreed:
        said = _("You may be named among those who are thanked on Friday, and named and quoted in the weekly recap.")
    else:
        said = _("You are not named among those who are thanked, and not named or quoted in the weekly recap.")
    return message(
        paragraph(said),
        note(_("Who thanked you is told to you alone, and nobody is counted.")),
        buttons(
            name_button(cohort, True) if agreed is not True else None,
            name_button(cohort, False) if agreed is not False else None,
        ),
    )


def name_button(cohort: int, agreed: bool) -> Button:
    label = _("You may name me") if agreed else _("Do not name me")
    return Button(label, Action("thanks", "name_me" if agreed else "not_me", cohort).encode())


def naming_line(agreed: bool) -> str:
    return _("You may be named when help is told.") if agreed else _("You are not named when help is told.")
