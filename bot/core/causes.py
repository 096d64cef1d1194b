"""In people's words: why a platform does not take what is for a channel (`Why` in `bot/core/errors.py`)."""

from bot.core.translation import N_, _

_CHANNEL = {
    "gone": N_("It was deleted, or made private without me."),
    "archived": N_("It was archived."),
    "removed": N_("I was removed from it."),
    "forbidden": N_("I may not write there any more."),
    "app": N_("The app as a whole is not let in any more, and whoever runs me has to look at it."),
    "posting": N_("Its posting permissions leave me out: add me in the channel's settings."),
    "threads": N_("Its posting permissions allow no threads: allow them in the channel's settings."),
    "unfit": N_("This kind of channel takes no posts of mine: choose another one."),
    "untagged": N_("It wants a tag for each post: add one that everybody may use, or let me manage posts."),
    "full": N_("The server has no room for another thread: archive older ones."),
    "unverified": N_("The server asks for more verification than I have: whoever runs it can lower that."),
    "two factors": N_("The server asks its moderators for two factors: whoever runs me has to switch them on."),
    "quarantined": N_("The platform has quarantined me: whoever runs me can appeal in its developer portal."),
    "keys": N_("Your organisation's key management keeps me out: its administrators can let me in."),
}
_POST = {
    "locked": N_("Its thread is locked."),
    "filtered": N_("The chat's filter does not let its words through."),
}


def why_not_there(why: str, needs: str = "") -> str:
    """Why a channel takes nothing, and what mends it; '' if that is not known."""
    if needs and why != "app":
        return _("I may not write there: give me {needs}.", needs=needs)
    return _(_CHANNEL[why]) if why in _CHANNEL else ""


def why_not_posted(why: str, below: bool) -> str:
    """Why a single post was refused; '' if that is not known. `below`: it was for a thread."""
    if why == "gone" and below:
        return _("Its thread is not there any more.")
    return _(_POST[why]) if why in _POST else why_not_there(why)
