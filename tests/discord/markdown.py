"""Discord's markdown as its client shows it, written from Discord's documentation and the client's behaviour,
independently of the adapter. https://support.discord.com/hc/en-us/articles/210298617"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_INSIDE = r"(?:\\[\s\S]|[^\\])+?"
_BLOCK = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```")
_CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LIVE = {
    "mention": re.compile(r"<@[!&]?\d+>|<#\d+>|<id:\w+>|</[^:>]+:\d+>|@everyone|@here", re.IGNORECASE),
    "time": re.compile(r"<t:-?\d+(?::[a-zA-Z])?>"),
    "emoji": re.compile(r"<a?:\w+:\d+>|:[\w+'-]+:"),
    "masked": re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^\s)>]+)>?[^)]*\)"),
    "invite": re.compile(r"(?:discord(?:app)?\.com/invite|(?:discord|dsc)\.gg)/\w+", re.IGNORECASE),
}
_LINK = re.compile(r"<(https?://[^\s>]+)>|((?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s])", re.IGNORECASE)
_STYLE = {
    "bold": re.compile(rf"\*\*({_INSIDE})\*\*(?!\*)"),
    "italic": re.compile(rf"\*(?=\S)({_INSIDE})\*(?!\*)|_({_INSIDE})_(?![A-Za-z0-9_])"),
    "underline": re.compile(rf"__({_INSIDE})__(?!_)"),
    "strike": re.compile(rf"~~({_INSIDE})~~"),
    "spoiler": re.compile(rf"\|\|({_INSIDE})\|\|"),
}
_QUOTE = re.compile(r"(?: *> [^\n]*(?:\n|$))+")
_ALL_QUOTE = re.compile(r" *>>> ([\s\S]*)")
_LINE = {
    "heading": re.compile(r" *#{1,3}\s+([^\n]+)"),
    "small": re.compile(r" *-#\s+([^\n]+)"),
    "list": re.compile(r" *(?:[*-]|\d+\.)\s+([^\n]+)"),
}


@dataclass
class Shown:
    """The text that is shown and copied; `marks` are the formatted parts."""

    text: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)

    def add(self, kind: str, inside: "Shown", said: str) -> None:
        self.text += inside.text
        self.marks += [(kind, said), *inside.marks]


def show(content: str, quoted: bool = False) -> Shown:
    """`quoted`: the content is in a quote, and quotes do not nest."""
    shown, at = Shown(), 0
    while at < len(content):
        begins = at == 0 or content[at - 1] == "\n"
        at = (_at_line(shown, content, at, quoted) if begins else 0) or _at(shown, content, at, quoted)
    return shown


def shown_with(content: str, names: Mapping[str, str]) -> str:
    """The shown text with the names of mentioned people, and times as 'at 1767607200'."""
    shown, made, rest = show(content), "", ""
    rest = shown.text
    for kind, said in shown.marks:
        if kind not in ("mention", "time"):
            continue
        before, _, rest = rest.partition(said)
        digits = re.sub(r"\D.*", "", re.sub(r"^\D*", "", said))
        made += before + (f"at {digits}" if kind == "time" else "@" + names.get(digits, digits))
    return made + rest


def _at_line(shown: Shown, content: str, at: int, quoted: bool) -> int:
    """The position after line-level formatting; 0 if there is none."""
    if not quoted and (found := _ALL_QUOTE.match(content, at)):
        shown.add("quote", show(found[1], True), found[0])
        return found.end()
    if not quoted and (found := _QUOTE.match(content, at)):
        inner = "\n".join(re.sub(r"^ *> ", "", line) for line in found[0].removesuffix("\n").split("\n"))
        inside = show(inner, True)
        inside.text += "\n" if found[0].endswith("\n") else ""
        shown.add("quote", inside, found[0])
        return found.end()
    for kind, pattern in _LINE.items():
        if found := pattern.match(content, at):
            shown.add(kind, show(found[1], quoted), found[0])
            return found.end()
    return 0


def _at(shown: Shown, content: str, at: int, quoted: bool) -> int:
    if found := _ESCAPE.match(content, at):
        shown.text += found[1]
        return found.end()
    if found := _BLOCK.match(content, at):
        shown.add("block", Shown(found[2]), found[2])
        return found.end()
    if found := _CODE.match(content, at):
        shown.add("code", Shown(re.sub(r"^ (?= *`)|(?<=`) $", "", found[2])), found[2])
        return found.end()
    for kind, pattern in _LIVE.items():
        if found := pattern.match(content, at):
            inside = show(found[1], quoted) if kind == "masked" else Shown(found[0])
            shown.add(kind, inside, found[2] if kind == "masked" else found[0])
            return found.end()
    if found := _LINK.match(content, at):
        url = found[1] or found[2]
        shown.add("link", Shown(url), url)
        return found.end()
    for kind, pattern in _STYLE.items():
        if found := pattern.match(content, at):
            shown.add(kind, show(next(g for g in found.groups() if g), quoted), found[0])
            return found.end()
    shown.text += content[at]
    return at + 1
