"""Decodes the bytes of a file, and says how to save it as UTF-8."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from bot.course import fixes
from bot.course.problems import Problem
from bot.course.source import MAX_PROBLEMS

_OTHER_FILES = {
    b"PK\x03\x04": "a file of a word processor, or a zip archive",
    b"\xd0\xcf\x11\xe0": "a file of Word",
    b"%PDF": "a PDF",
    b"{\\rtf": "a file of a word processor (RTF)",
}
"""How files that are no text begin."""


def decode(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text that a file can only mean, and what is wrong with its bytes. None where they are no text."""
    if kind := next((kind for start, kind in _OTHER_FILES.items() if data.startswith(start)), ""):
        message = f"This is {kind}, whatever its name says; a course file is plain text."
        how = "Copy its text into a file of a plain editor, or save it as plain text in UTF-8."
        return None, [Problem(file, 1, 1, "", "encoding", "error", message, how)]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        message = "The file is saved as UTF-16; a course file is UTF-8."
        how = "Save the file as UTF-8, not UTF-16."
        return data.decode("utf-16", "replace"), [Problem(file, 1, 1, "", "encoding", "error", message, how)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        lines, found = list[str](), list[Problem]()
        for number, raw in enumerate(data.split(b"\n"), 1):
            try:
                lines.append(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError as error:
                lines.append(raw.decode("cp1252", "replace"))
                found.append(_no_utf8(error, lines[-1].strip(), file, number))
        return "\n".join(lines), found[:MAX_PROBLEMS]


def _no_utf8(error: UnicodeDecodeError, meant: str, file: str, line: int) -> Problem:
    raw, at = error.object, error.start
    message = f"The byte 0x{raw[at]:02X} is not UTF-8; the file was saved in another encoding."
    how = f"Save the file as UTF-8: {fixes.write_lines(meant, line, line)}"
    column = len(raw[:at].decode("utf-8", "replace")) + 1
    return Problem(file, line, column, "", "encoding", "error", message, how)
