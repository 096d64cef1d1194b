"""The error for what a person cannot do in the chat; its text says what to do instead."""

from bot.core.errors import PacekeeperError


class BadAct(PacekeeperError):
    """This cannot be done here. Nothing was changed."""
