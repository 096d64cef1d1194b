"""Decodes the bytes of a file, or says how to save it as UTF-8."""

from bot.course import fixes
from bot.course.problems import Problem


def decode(data: bytes, file: str) -> str | Problem:
    """The text of a file, or the problem with its bytes."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            message = "The file is saved as UTF-16; a course file is UTF-8."
            return Problem(file, 1, 1, "", "encoding", "error", message, f"Save the file as UTF-8, not {name.upper()}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        end = data.find(b"\n", error.start)
        raw = data[start : end if end >= 0 else len(data)]
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        meant = raw.decode("cp1252", "replace").strip()
        message = f"The byte 0x{data[error.start]:02X} is not UTF-8; the file was saved in another encoding."
        how = f"Save the file as UTF-8: {fixes.write_lines(meant, line, line)}"
        return Problem(file, line, column, "", "encoding", "error", message, how)
