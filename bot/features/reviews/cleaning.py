"""Takes out of a file what tells whose it is, before somebody sees it who must not know."""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec

from bot.features.reviews.files.kinds import KINDS
from bot.features.reviews.files.refusing import MOST_BYTES, Why

NEUTRAL = "work"
"""What a cleaned file is called."""

PATIENCE = 6.0
"""Seconds until a file is given up."""

_INHERITED = ("PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A copy that names nobody. `visible`: one of the names, or a part of one, stands in what can be read in it, which
    is never changed; `named` are those that stand there whole, and others that were looked for; `contact`: so does an
    e-mail address, an account or a phone number. What a picture shows is not found."""

    name: str
    content: bytes
    visible: bool
    named: tuple[str, ...] = ()
    contact: bool = False


@dataclass(frozen=True, slots=True)
class Uncleaned:
    """A file that nobody can vouch for: it goes by its author's consent."""

    why: Why


def missing() -> list[str]:
    """The endings of files that go by consent since a library is not installed."""
    return [ending for ending, kind in KINDS.items() if kind.needs and find_spec(kind.needs) is None]


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending if ending.isalnum() and len(ending) <= 8 else ""


def neutral(name: str) -> str:
    """What a file is called that nobody is to be known by."""
    return f"{NEUTRAL}.{_ending(name)}" if _ending(name) else NEUTRAL


def cleaned(name: str, content: bytes, forget: Collection[str], others: Collection[str] = ()) -> Cleaned | Uncleaned:
    """A copy without authors, comments, tracked changes, places and devices. `forget`: the names behind the
    work; `others` are only looked for, whole.

    The work is done by a process that knows no secret, within bounds of time and memory: see `files/__main__.py`.
    An ordinary file takes a third of a second.
    """
    ending = _ending(name)
    if ending not in KINDS:
        return Uncleaned("kind")
    if ending in missing():
        return Uncleaned("missing")
    if len(content) > MOST_BYTES:
        return Uncleaned("large")
    asked = json.dumps({"ending": ending, "forget": list(forget), "others": list(others)}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.features.reviews.files"],
            input=asked + b"\n" + content,
            stdout=subprocess.PIPE,
            # A traceback could contain words of the file.
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _INHERITED if name in os.environ},
            timeout=PATIENCE,
            start_new_session=True,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return Uncleaned("slow")
    said, _, made = done.stdout.partition(b"\n")
    answer = json.loads(said)
    if answer["why"]:
        return Uncleaned(answer["why"])
    return Cleaned(neutral(name), made, answer["visible"], tuple(answer["named"]), answer["contact"])
