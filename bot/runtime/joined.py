"""Cards that share one message, which is posted at the anchor of the first. Each part is updated independently."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.core.effects import Direct, Show, Withdraw
from bot.core.labels import Labels
from bot.core.message import Block, Buttons, Document, Heading, Message, note, shorten
from bot.core.plain import plain
from bot.core.ports import Directory
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


LONGEST_NAME = 6
"""Most words of a name that is found in a message."""

_WORD = re.compile(r"\w+")
_REST = re.compile(r"\S*")


def keep_naming(people: Directory, store: VoiceStore, effects: Sequence[Declared]) -> None:
    """Stores private messages that name somebody besides their reader, as shared ones of one part: whoever is erased is
    taken out of them. The words of other messages are gone once these are sent."""
    shown = [e for d in effects if isinstance(e := d.effect, Show) and isinstance(e.target, Direct)]
    lines = {e.anchor: _lines(e.message) for e in shown}
    # Cards of many people have most of their lines in common.
    runs = {line: _runs(line) for line in set().union(*lines.values())}
    names = people.known_names(set().union(*runs.values()))
    named = {line: found for line, some in runs.items() if (found := some & names)}
    naming = [
        (e.target.person, e)
        for e in shown
        if isinstance(e.target, Direct)
        and any(named.get(line, set()) - {people.person(e.target.person).name} for line in lines[e.anchor])
    ]
    if naming:
        known = store.leads([e.anchor for _, e in naming])
        for person, effect in naming:
            if effect.anchor not in known:
                store.join(person, [(effect.anchor, effect.message)])


def known_as(people: Directory, person: int) -> Sequence[str]:
    """The names by which others may know somebody."""
    return people.names([people.person(person)])[person]


def _lines(message: Message) -> set[str]:
    files = (block.text for block in message.blocks if isinstance(block, Document))
    return {line for text in (plain(message), *files) for line in text.splitlines()}


def unlisted(message: Message, names: Sequence[str]) -> Message:
    """The message without the lines of its files in which one of these names stands: what else is in such a line is
    about the same person."""
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    return replace(message, blocks=tuple(_unlisted(block, named) for block in message.blocks))


def _unlisted(block: Block, named: re.Pattern[str]) -> Block:
    if not isinstance(block, Document):
        return block
    return replace(block, text="".join(line for line in block.text.splitlines(True) if not named.search(line)))


def _runs(text: str) -> set[str]:
    """What may be a name in a text: up to six words in a row, as they stand and with the signs behind them."""
    found: set[str] = set()
    words = [word.span() for word in _WORD.finditer(text)]
    for n, (start, _) in enumerate(words):
        for _, end in words[n : n + LONGEST_NAME]:
            rest = _REST.match(text, end)
            whole = rest.end() if rest else end
            found |= {text[start:end], text[start:whole], text[start : max(end, whole - 1)]}
    return found


def _private_anchor(declared: Declared) -> str | None:
    """The anchor of an effect that may concern a part of a shared message."""
    effect = declared.effect
    if isinstance(effect, Withdraw) or (isinstance(effect, Show) and isinstance(effect.target, Direct)):
        return effect.anchor
    return None


def _shown(declared: Declared, parts: Sequence[Part]) -> Declared:
    workspace = declared.cohort.workspace if declared.cohort else None
    return replace(declared, effect=Show(parts[0].anchor, Direct(parts[0].person, workspace), whole_of(parts)))


def whole_of(parts: Sequence[Part]) -> Message:
    return together(*(part.message for part in parts))
