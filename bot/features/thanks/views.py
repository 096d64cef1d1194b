"""What thanks say."""

from collections.abc import Sequence

from bot.core.message import Jump, Message, Text, message, note, paragraph
from bot.core.people import MessageRef
from bot.core.translation import _, phrase


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


def line(names: Sequence[str], ref: MessageRef) -> Text:
    """For people who were thanked; the link leads to the newest of the messages."""
    first = names[-3:]
    more = len(names) - len(first)
    who = ", ".join(first) + (_(" and {more} more", more=more) if more else "")
    return phrase(
        "Thanks from {who} for {what}.", who=who, what=Jump(f"thanks/{ref.channel}/{ref.id}", _("what you wrote"), ref)
    )
