"""File permissions: our files hold people's words, so only our own user may read them."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.ports import Finding

_MASK = 0o077
_usual: int | None = None


def restrict_umask() -> None:
    """Makes new files and folders of this process private, whatever umask it was started with."""
    global _usual
    before = os.umask(_MASK)
    if _usual is None:
        _usual = before


@contextmanager
def operator_umask() -> Iterator[None]:
    """Restores the operator's umask, for files that others may read (a course file, a published site)."""
    before = os.umask(_MASK)
    os.umask(before if _usual is None else _usual)
    try:
        yield
    finally:
        os.umask(before)


def write(path: Path, text: str) -> None:
    """Writes a private file, also over one that others could read. Keeps line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


def create(path: Path, data: bytes) -> None:
    """Writes a new private file. Raises FileExistsError."""
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)


def make_private(folder: Path) -> None:
    """Makes a folder and everything inside it private. A folder of another owner, or one that is clearly shared (such
    as /tmp or a home directory), stays as it is, and `doctor` names it."""
    with suppress(OSError):
        mode = stat.S_IMODE(folder.stat().st_mode)
        common = mode & stat.S_ISVTX or folder.resolve() in (Path.cwd(), Path.home(), Path("/"))
        if mode & _MASK and not common:
            folder.chmod(mode & ~_MASK)


def findings(folder: Path, *others: Path) -> list[Finding]:
    """Files that other users of this machine can read or write: the data folder, files in it if the folder is open,
    and single files elsewhere (a database, a file with tokens)."""
    from bot.core.ports import Finding

    open_ones = []
    if _is_open(folder) and any(p.is_file() and p.stat().st_size for p in folder.rglob("*")):
        open_ones = [folder, *(p for p in folder.rglob("*") if not p.is_symlink() and _is_open(p))]
    alone = [p for p in others if _is_open(p) and not p.resolve().is_relative_to(folder.resolve())]
    found = []
    if open_ones:
        state = f"{folder} can be read by other users of this machine (files and folders: {len(open_ones)})"
        found.append(Finding("Private files", state, f"Run: chmod -R go= {shlex.quote(str(folder))}"))
    for path in alone:
        state = f"{path} can be read by other users of this machine"
        found.append(Finding("Private files", state, f"Run: chmod go= {shlex.quote(str(path))}"))
    if not found and folder.exists():
        found.append(Finding("Private files", "only this user can read them"))
    return [*found, *_foreign(folder)]


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _MASK)
    except OSError:
        return False


def _foreign(folder: Path) -> list[Finding]:
    """Files of another user, such as root, which the bot may be unable to write."""
    from bot.core.ports import Finding

    if not folder.exists():
        return []
    owner = folder.stat().st_uid
    others = [p for p in folder.rglob("*") if not p.is_symlink() and p.lstat().st_uid != owner]
    if os.geteuid() not in (owner, 0):
        state = f"{folder} belongs to user {_user(owner)}, and this is {_user(os.geteuid())}"
        return [Finding("Owner of the data", state, f"Run this as {_user(owner)}: sudo -u {_user(owner)} pacekeeper …")]
    if not others:
        return []
    named = ", ".join(str(p.relative_to(folder)) for p in others[:3])
    state = f"files that do not belong to the owner of {folder}: {len(others)}, such as {named}"
    command = f"chown -R {_user(owner)} {shlex.quote(str(folder))}"
    return [Finding("Owner of the data", state, f"Stop the bot and run: {command}")]


def _user(id: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(id).pw_name
    except KeyError:
        return str(id)
