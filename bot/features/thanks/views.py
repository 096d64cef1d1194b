"""What thanks say."""

from collections.abc import Sequence

from bot.core.message import Jump, Message, Text, message, note, paragraph
from bot.core.people import MessageRef
from bot.core.translation import _, phrase, some_of


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
    who = some_of([*names[-3:], *names[:-3]], 3)
    return phrase(
        "Thanks from {who} for {what}.", who=who, what=Jump(f"thanks/{ref.channel}/{ref.id}", _("what you wrote"), ref)
    )
