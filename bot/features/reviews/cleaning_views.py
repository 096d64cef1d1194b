"""Words about files that are handed out without names."""

from collections.abc import Collection, Mapping, Sequence

from bot.core.contacts import has_contact, has_link
from bot.core.contributions import Work
from bot.core.message import shorten
from bot.core.nameless import CONTACT
from bot.core.names_in_text import stands_in
from bot.core.translation import N_, _, all_of
from bot.features.reviews.files.kinds import KINDS
from bot.features.reviews.files.refusing import Why
from bot.features.reviews.store import Copy

WHY: Mapping[Why, str] = {
    "kind": N_("Names can be taken out of {endings} files alone."),
    "missing": N_("Names cannot be taken out of such a file here."),
    "locked": N_("The file is locked with a password, or in an older format."),
    "macros": N_("The file has macros."),
    "embedded": N_("The file has other files in it."),
    "signed": N_("The file is signed."),
    "picture": N_("The file has a picture that is neither JPEG nor PNG."),
    "large": N_("The file is too large to look into."),
    "slow": N_("The file takes too long to look into."),
    "broken": N_("The file is damaged."),
    "unknown": N_("The file has something in it that is not known here."),
}
"""Why a file goes by consent, for its author."""


MOST_NAMED = 3
"""Learners outside the pod who are named to who is asked."""


def named() -> str:
    """Why somebody is asked about what another one of their pod handed in."""
    return _("Your whole name, or a mention of you, stands in it.")


def shows(work: Work, found: Copy | None, names: Collection[str], others: Sequence[str]) -> str:
    """All by which a piece may show one of the `names` behind it, in its words and in what was `found` in its file, and
    which `others` of the cohort it names; '' if nothing is known that does."""
    why = []
    if work.link or has_link(work.text):
        why.append(_("What is behind a link cannot be looked into here."))
    if has_contact(work.text) or (found is not None and found.contact):
        why.append(_(CONTACT))
    if found is not None and found.why:
        why.append(_(WHY[found.why], endings=all_of([ending for ending in KINDS if ending != "jpg"])))
    if (found is not None and found.visible) or stands_in([work.text], names):
        if work.pod:
            why.append(_("The name of somebody in your pod stands in what can be read in it."))
        else:
            why.append(_("Your name stands in what can be read in it."))
    if others:
        named = all_of([shorten(name, 40) for name in others[:MOST_NAMED]])
        why.append(_("It names learners who are not in your pod: {names}.", names=named))
    return " ".join(why)
