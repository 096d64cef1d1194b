"""In people's words: why a platform does not take what is for a channel (`Why` in `bot/core/errors.py`)."""

from typing import assert_never, cast, get_args

from bot.core.errors import Why
from bot.core.translation import _


def _in_words(why: Why) -> str:
    """mypy names a cause that has no words here."""
    match why:
        case "":
            return ""
        case "gone":
            return _("It was deleted, or made private without me.")
        case "archived":
            return _("It was archived.")
        case "limited":
            return _("I have been let post nothing there for more than an hour, and go on trying.")
        case "removed":
            return _("I was removed from it.")
        case "forbidden":
            return _("I may not write there any more.")
        case "app":
            return _("The app as a whole is not let in any more, and whoever runs me has to look at it.")
        case "posting":
            return _("Its posting permissions leave me out: add me in the channel's settings.")
        case "threads":
            return _("Its posting permissions allow no threads: allow them in the channel's settings.")
        case "unfit":
            return _("This kind of channel takes no posts of mine: choose another one.")
        case "untagged":
            return _("It wants a tag for each post: add one that everybody may use, or let me manage posts.")
        case "full":
            return _("The server has no room for another thread: archive older ones.")
        case "unverified":
            return _("The server asks for more verification than I have: whoever runs it can lower that.")
        case "two factors":
            return _("The server asks its moderators for two factors: whoever runs me has to switch them on.")
        case "quarantined":
            return _("The platform has quarantined me: whoever runs me can appeal in its developer portal.")
        case "keys":
            return _("Your organisation's key management keeps me out: its administrators can let me in.")
        case "left":
            return _("The person is not there any more.")
        case "banned":
            return _("The person is banned there.")
        case "blocked":
            return _("The person has blocked me.")
        case "closed":
            return _("The person takes no direct messages.")
        case "locked":
            return _("Its thread is locked.")
        case "filtered":
            return _("The chat's filter does not let its words through.")
        case _:
            assert_never(why)


def _known(why: str) -> Why:
    """A stored cause, which an older version may have named."""
    return cast(Why, why) if why in get_args(Why) else ""


def why_not_there(why: str, needs: str = "") -> str:
    """Why a channel takes nothing, and what mends it; '' if that is not known."""
    if needs and why != "app":
        return _("I may not write there: give me {needs}.", needs=needs)
    return _in_words(_known(why))


def why_not_posted(why: str, below: bool) -> str:
    """Why a single post was refused; '' if that is not known. `below`: it was for a thread."""
    if why == "gone" and below:
        return _("Its thread is not there any more.")
    return why_not_there(why)
