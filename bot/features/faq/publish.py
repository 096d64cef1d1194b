"""The FAQ as one Markdown page. What people typed stays the letters that they are; nobody is named."""

import re
from collections.abc import Sequence

from bot.core.time import say, write_instant
from bot.features.faq.border import Entry

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#!|~$@])")
_LINE_START = re.compile(r"^(\s*)([-+=:]|\d+(?=[.)]))", re.MULTILINE)
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def markdown(entries: Sequence[Entry], title: str = "Questions and answers") -> str:
    """The page, each entry under a heading with an address that never changes."""
    parts = [f"# {_line(title)}"]
    for entry in entries:
        checked = (
            f"Last checked {say(entry.verified_at, 'UTC', 'date')} {entry.verified_at:%Y}" if entry.verified_at else ""
        )
        foot = f"*FAQ {entry.id}. {checked}*" if checked else f"*FAQ {entry.id}*"
        parts.append(f'<a id="faq-{entry.id}"></a>\n\n## {_line(entry.question)}\n\n{_lines(entry.answer)}\n\n{foot}')
    if not entries:
        parts.append("Nothing has been approved yet.")
    return "\n\n".join(parts) + "\n"


def as_data(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """The same for programs: id, question, answer and when it was last checked (ISO 8601, or null)."""
    return [
        {
            "id": e.id,
            "question": e.question,
            "answer": e.answer,
            "verified_at": write_instant(e.verified_at) if e.verified_at else None,
        }
        for e in entries
    ]


def escaped(text: str) -> str:
    """Text whose markup, HTML and addresses a renderer shows as they were typed."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _PUNCTUATION.sub(r"\\\1", text)
    # An address becomes a link by itself in most renderers; a character reference stops that.
    return re.sub(r"(?i)\b(https?|ftp|mailto|www)([:.])", lambda m: f"{m[1]}&#{ord(m[2])};", text)


def _line(text: str) -> str:
    return escaped(" ".join(text.split())) or "(no text)"


def _lines(text: str) -> str:
    """Paragraphs and line breaks as they were typed; no line may begin a list, a heading or a block of code."""
    stripped = "\n".join(line.strip() for line in escaped(text).split("\n"))
    safe = _LINE_START.sub(lambda m: f"{m[1]}{m[2]}\\" if m[2].isdigit() else f"{m[1]}\\{m[2]}", stripped)
    paragraphs = [p.strip("\n") for p in re.split(r"\n{2,}", safe)]
    return "\n\n".join(p.replace("\n", "\\\n") for p in paragraphs if p) or "(no text)"
