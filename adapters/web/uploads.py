"""What a browser sends: the values of a form, in which a chosen file stands for a text."""

import logging
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.core.translation import _

MOST_FIELDS = 200
"""Most fields of a form. The server that mounts the routes limits the bytes (bot/app/limits.py)."""

FILE = "file-"
"""Begins the name of the input for a file whose text is the value of the field of the same name."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """`unread`: what is wrong with a chosen file, by the name of its field, which then has no value."""

    values: dict[str, str]
    unread: dict[str, str] = field(default_factory=dict)


async def sent(request: Request) -> Sent | None:
    """The fields of a request; None if there are too many, or they cannot be read."""
    try:
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            return await _with_files(request)
        text = (await request.body()).decode(errors="replace")
        return Sent(dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)))
    except (ValueError, HTTPException):
        log.warning("Refused a form that has more than %d fields, or is none", MOST_FIELDS)
        return None


async def _with_files(request: Request) -> Sent:
    values, unread = dict[str, str](), dict[str, str]()
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        files = {name: one for name, one in form.items() if isinstance(one, UploadFile) and one.filename}
        values |= {name: one for name, one in form.items() if isinstance(one, str)}
        for name, file in files.items():
            named = name.removeprefix(FILE)
            content = await file.read()
            if not content:
                continue
            text = text_in(content)
            if text is None:
                said = _(
                    "{file} is no text. Save it as text (.md, .txt or .yaml), and choose that.", file=file.filename
                )
                unread[named] = said
            values[f"f-{named}"] = text or ""
    return Sent(values, unread)


def text_in(content: bytes) -> str | None:
    """The text of a file as editors save it: UTF-8, UTF-16 with its mark, or Windows' own; None for anything else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if any(byte < 9 for byte in content):
        return None
    found = _decoded(content, "utf-8-sig")
    return found if found is not None else _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
