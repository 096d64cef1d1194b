"""Reactions, given as a character or as a short name."""

from adapters.sandbox.refusals import BadAct
from bot.core.translation import _

QUICK = ("✅", "👍", "🎉", "❌")
"""Reactions that the page offers directly."""

_NAMES = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔️",
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "tada": "🎉",
    "question": "❓",
    "grey_question": "❔",
    "exclamation": "❗",
    "raised_hands": "🙌",
    "raising_hand": "🙋",
    "hand": "✋",
    "clap": "👏",
    "pray": "🙏",
    "wave": "👋",
    "eyes": "👀",
    "heart": "❤️",
    "star": "⭐",
    "rocket": "🚀",
    "fire": "🔥",
    "bulb": "💡",
    "memo": "📝",
    "bookmark": "🔖",
    "pushpin": "📌",
    "x": "❌",
    "no_entry_sign": "🚫",
    "speech_balloon": "💬",
    "thinking_face": "🤔",
    "smile": "😄",
    "joy": "😂",
    "cry": "😢",
    "100": "💯",
    "hourglass": "⌛",
    "zipper_mouth_face": "🤐",
    "see_no_evil": "🙈",
}


def read_emoji(text: str) -> str:
    """The character for a character or a name such as `:tada:`. Raises BadAct for anything else."""
    name = text.strip().strip(":")
    if name in _NAMES:
        return _NAMES[name]
    if not name or len(name) > 16 or any(c.isascii() for c in name):
        known = ", ".join(list(_NAMES)[:8])
        raise BadAct(
            _(
                "{text} is no emoji. Give the character itself, or a name such as {known}.",
                text=shown(text),
                known=known,
            )
        )
    return name


def shown(text: str) -> str:
    """The input, shortened for an error message."""
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
