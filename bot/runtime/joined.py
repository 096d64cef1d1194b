"""Cards that share one message, which is posted at the anchor of the first. Each part is updated independently."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.effects import Direct, Show, Withdraw
from bot.core.labels import Labels
from bot.core.message import Block, Buttons, Heading, Message, note, shorten
from bot.core.turn import Declared
from bot.runtime.ports import Part, VoiceStore

MARK = 30
"""Maximum characters of what tells two labels apart."""


def together(first: Message, *others: Message) -> Message:
    """One message made of several, each with its own buttons. A control that several of them have is shown once, and
    so is the name of the cohort of neighbours. Buttons with the same label are told apart by that, or by the headings.
    """
    shown, blocks, labels = set(first.actions()), list(first.blocks), Labels()
    for button in (b for block in first.blocks if isinstance(block, Buttons) for b in block.items):
        labels.take(button.label)
    above = first
    for part in others:
        fresh = part.offering(lambda action: action not in shown)
        shown.update(fresh.actions())
        said = fresh.of == above.of
        mark = shorten(fresh.of or _heading(fresh), MARK)
        blocks += [_told_apart(b, labels, mark) for b in fresh.blocks if not (said and _is_name(b, fresh))]
        above = part
    return replace(first, blocks=tuple(blocks))


def _told_apart(block: Block, labels: Labels, mark: str) -> Block:
    if not isinstance(block, Buttons):
        return block
    return replace(block, items=tuple(labels.once(button, mark) for button in block.items))


def _heading(message: Message) -> str:
    return next((block.text for block in message.blocks if isinstance(block, Heading)), "")


def _is_name(block: Block, message: Message) -> bool:
    """Whether a block only names the cohort of its message."""
    return bool(message.of) and block == note(message.of or "")


def share(store: VoiceStore, effects: Sequence[Declared], acting: int | None) -> list[Declared]:
    """The same effects, but a change to a part of a shared message shows the whole message again.

    The first part always changes in place. A part below it that its reader changes by an act of their own (`acting`)
    leaves: it gets a message of its own, which answers them and may hold their words. If nothing but a heading would
    stay, the part changes in place instead. Withdrawing the first part, or all but a heading, withdraws the message.
    """
    anchors = {anchor for e in effects if (anchor := _private_anchor(e)) is not None}
    shared = {part.anchor: parts for parts in store.joined(anchors) for part in parts} if anchors else {}
    if not shared:
        return list(effects)
    found: list[Declared] = []
    for declared in effects:
        anchor = _private_anchor(declared)
        parts = shared.get(anchor) if anchor is not None else None
        if anchor is None or not parts:
            found.append(declared)
            continue
        lead, effect = parts[0], declared.effect
        others = [(block, part.message) for part in parts if part.anchor != anchor for block in part.message.blocks]
        alone = all(isinstance(block, Heading) or _is_name(block, whole) for block, whole in others)
        if isinstance(effect, Show) and (anchor == lead.anchor or acting != lead.person or alone):
            store.change_part(anchor, effect.message)
            parts[:] = [replace(p, message=effect.message) if p.anchor == anchor else p for p in parts]
        elif anchor == lead.anchor or alone:
            store.drop_parts([p.anchor for p in parts])
            parts.clear()
            found.append(replace(declared, effect=Withdraw(lead.anchor)))
            continue
        else:
            store.drop_parts([anchor])
            parts[:] = [p for p in parts if p.anchor != anchor]
            found += [declared] if isinstance(effect, Show) else []
        found.append(_shown(declared, parts))
    return found


def _private_anchor(declared: Declared) -> str | None:
    """The anchor of an effect that may concern a part of a shared message."""
    effect = declared.effect
    if isinstance(effect, Withdraw) or (isinstance(effect, Show) and isinstance(effect.target, Direct)):
        return effect.anchor
    return None


def _shown(declared: Declared, parts: Sequence[Part]) -> Declared:
    workspace = declared.cohort.workspace if declared.cohort else None
    whole = together(*(part.message for part in parts))
    return replace(declared, effect=Show(parts[0].anchor, Direct(parts[0].person, workspace), whole))
