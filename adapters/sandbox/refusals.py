"""What a person cannot do in the chat, in words that say what to do instead."""

from bot.core.errors import PacekeeperError


class BadAct(PacekeeperError):
    """This cannot be done here. Nothing was changed."""
