"""What thanks say."""

from collections.abc import Sequence

from bot.core.message import Jump, Message, Text, message, note, paragraph
from bot.core.people import MessageRef


def thanked(name: str, left: int) -> Message:
    more = f"You can thank {left} more times this week." if left > 1 else "Once more this week." if left else ""
    return message(
        paragraph(f"{name} hears it from me, with your name."),
        note(more) if more else None,
    )


def line(names: Sequence[str], ref: MessageRef) -> Text:
    """For whoever was thanked; the link leads to the newest of the messages."""
    first = names[-3:]
    more = len(names) - len(first)
    who = ", ".join(first) + (f" and {more} more" if more else "")
    return (f"Thanks from {who} for ", Jump(f"thanks/{ref.channel}/{ref.id}", "what you wrote", ref), ".")
