"""What the page of a draft says of what others have changed meanwhile."""

from bot.core.message import Block, Bold, Button, Message, bullets, buttons, message, paragraph
from bot.core.translation import _
from bot.course.difference import Change
from bot.features.drafts.meanwhile import Meanwhile
from bot.features.drafts.rules import stamp
from bot.features.drafts.views import SHOWN, do, more


def behind(of: int, since: Meanwhile, names: str) -> list[Block | None]:
    """What others have changed since the draft began, and what its owner can do about it."""
    known = stamp(since.present)
    said = _since(since, names)
    if not since.collides:
        return [*said, buttons(Button(_("Bring it in"), do("bring", of), "primary"))]
    together = _("Nothing is taken back unasked. You changed the same:")
    apart = _("Both courses cannot be joined, so all of one is kept. They differ in this:")
    return [
        *said,
        paragraph(Bold(together if since.joins else apart)),
        bullets(*(_both(one) for one in since.collides[:SHOWN])),
        more(len(since.collides)),
        buttons(
            Button(_("Keep mine there"), do("bring", of, f"mine.{known}")),
            Button(_("Take theirs there"), do("bring", of, f"theirs.{known}")),
        ),
    ]


def to_choose(of: int, since: Meanwhile, names: str) -> Message:
    said = _("Nothing was changed yet: somebody has to choose, and that is you.")
    return message(paragraph(Bold(said)), *behind(of, since, names))


def brought_in(names: str) -> str:
    return _("What {names} changed since you began is in it.", names=names)


def _since(since: Meanwhile, names: str) -> list[Block | None]:
    return [
        paragraph(Bold(_("Changed since you began, by {names}:", names=names))),
        bullets(*(_change(one) for one in since.changed[:SHOWN])),
        more(len(since.changed)),
    ]


def _change(one: Change) -> str:
    if one.kind == "added":
        return _("New: {item}", item=one.item)
    if one.kind == "removed":
        return _("Gone: {item}", item=one.item)
    facts = ", ".join(f"{fact.label}: {fact.old or '–'} → {fact.new or '–'}" for fact in one.facts)
    return _("{item}: {facts}", item=one.item, facts=facts)


def _both(one: Change) -> str:
    if one.kind == "added":
        return _("{item}: only in yours", item=one.item)
    if one.kind == "removed":
        return _("{item}: only in theirs", item=one.item)
    facts = (
        _("{key}: theirs “{theirs}”, yours “{mine}”", key=f.label, theirs=f.old or "–", mine=f.new or "–")
        for f in one.facts
    )
    return _("{item}: {facts}", item=one.item, facts=", ".join(facts))
