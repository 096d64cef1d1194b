"""Decodes the bytes of a file, and says how to save it as UTF-8."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from bot.course import fixes
from bot.course.problems import Problem
from bot.course.source import MAX_PROBLEMS


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text that a file can only mean, and what is wrong with its bytes."""
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
