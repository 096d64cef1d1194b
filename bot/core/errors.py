"""Errors whose text says what to do. The docstring is the default text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from inspect import cleandoc
from typing import TYPE_CHECKING, Literal

from bot.core.translation import _

if TYPE_CHECKING:
    from bot.core.forms import Form
    from bot.core.message import Message


class PacekeeperError(Exception):
    """Something went wrong. Please try again."""

    def __init__(self, text: str | None = None) -> None:
        super().__init__(text or _(cleandoc(self.__doc__ or "")))


class Loggable(Exception):
    """Its text consists of our own words and a platform's codes, never of what a person wrote."""


def reason(error: BaseException) -> str:
    """Why something failed, without anything that a person wrote and without tokens, for logs and stored failures.
    Errors of libraries and databases quote the values they met, so only their kind is given. What the operating system
    says (a refused connection, a full disk) is given as it is."""
    if isinstance(error, Loggable):
        return str(error).rstrip(".")
    # SQLAlchemy's errors hold the driver's, which has a code.
    cause = getattr(error, "orig", None) or error
    name = type(error).__name__
    if isinstance(cause, OSError):
        return cause.strerror or name
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code:
        known = next((words for start, words in _DATABASE.items() if str(code).startswith(start)), f"code {code}")
        return f"{name}, {known}"
    if name == "OperationalError":
        return "the database does not answer"
    return name


_DATABASE = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_BUSY": "another program holds the database",
    "SQLITE_CORRUPT": "the database is damaged",
    "SQLITE_NOTADB": "the file is no database",
    "SQLITE_READONLY": "the database cannot be written to",
    "SQLITE_CANTOPEN": "the database cannot be opened",
    "SQLITE_IOERR": "the disk failed",
}


class NeedsOperator(PacekeeperError):
    """The operator has to fix something; another start does not help."""


class Refused(PacekeeperError):
    """This cannot be done. Nothing was changed."""

    def __init__(self, text: str | None = None, reply: Message | None = None) -> None:
        super().__init__(text)
        self._reply = reply

    @property
    def is_plain(self) -> bool:
        """Whether its text is all there is to say."""
        return self._reply is None

    @property
    def reply(self) -> Message:
        """What the person sees, privately."""
        from bot.core.message import message, paragraph, with_code

        return self._reply or message(paragraph(*with_code(str(self))))


class Malformed(Refused):
    """What was given cannot be understood, whatever is stored. Nothing was changed."""


class NotAllowed(Refused):
    """This is for the instructors and managers of the cohort. If that is you, ask a manager to name you."""


class NotFound(Refused):
    """That is not here any more. `/cohort` shows what is."""


class Spent(Refused):
    """This button has done its work already; the message shows how it stands now."""


class FormRefused(PacekeeperError):
    """Some fields need another look.

    `problems`: field -> what is wrong; the field '' stands for the form as a whole. The form that was sent is shown
    again, with what was typed. `form` is the form as it is now; pass it where fields, labels or choices may have
    changed since it was opened. It is shown instead if they have, or if the draft of the sent form is gone. Without it
    and without a draft, the problems come as a message, with what was typed to copy. `beside`: what the rest of a form
    would make, where it is only tried.
    """

    def __init__(self, problems: Mapping[str, str], form: Form | None = None, beside: Message | None = None) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)
        self.form = form
        self.beside = beside


Why = Literal[
    "",
    "gone",
    "archived",
    "removed",
    "forbidden",
    "locked",
    "filtered",
    "app",
    "posting",
    "threads",
    "unfit",
    "untagged",
    "full",
    "unverified",
    "two factors",
    "quarantined",
    "keys",
    "limited",
    "left",
    "banned",
    "blocked",
    "closed",
]
"""Why a platform does not take a message, as far as we know: the channel or the thread is 'gone' or 'archived', we were
'removed' from it, something there is 'forbidden', the thread is 'locked', or the words were 'filtered'. The channel's
settings leave us out of 'posting' or 'threads'; its kind is 'unfit'; it wants a tag ('untagged'). The server is 'full',
or we are 'unverified' or without 'two factors' there; the platform has 'quarantined' us; an organisation has taken
its 'keys'; or the 'app' as a whole is refused, which the operator has to look into. For long it has been 'limited'.
A person has 'left' the workspace or is 'banned' from it, has 'blocked' us, or has 'closed' their direct messages."""

NOT_THE_CHANNEL: frozenset[Why] = frozenset({"app", "full", "unverified", "two factors", "quarantined", "keys"})
"""Causes that another channel does not mend."""


class DeliveryError(PacekeeperError, Loggable):
    """The platform did not take a message."""

    why: Why = ""
    needs = ""
    """The permission that is missing, in the platform's own words."""


class RateLimited(DeliveryError):
    """The platform asks us to wait."""

    def __init__(self, retry_after: timedelta, why: str = "") -> None:
        super().__init__(why or f"The platform asks us to wait {retry_after.total_seconds():.0f} s.")
        self.retry_after = retry_after


class TargetGone(DeliveryError):
    """The thread, the message or the person is not there any more, or the platform takes this one message never. `why`:
    'locked' if it only takes nothing more from anybody."""

    def __init__(self, text: str | None = None, why: Why = "gone") -> None:
        super().__init__(text)
        self.why = why


class PersonGone(TargetGone):
    """The person is not there any more ('left' or 'banned'). What is for them is dropped."""

    def __init__(self, text: str | None = None, why: Why = "left") -> None:
        super().__init__(text, why)


class PersonShut(TargetGone):
    """The person is there and takes no direct messages of ours ('blocked' or 'closed'). What is for them is dropped."""

    def __init__(self, text: str | None = None, why: Why = "closed") -> None:
        super().__init__(text, why)


class PlaceGone(TargetGone):
    """The whole channel is not there any more. A post for it waits for another one."""


class NameTaken(TargetGone):
    """A channel of this name is there that we cannot take: others are in it, or it is archived."""


class Blocked(DeliveryError):
    """The platform lets us write there only after somebody has changed something. It has taken nothing.

    `why`: see `Why`. If something is 'forbidden', `needs` names the permission in the platform's own words, where that
    is known.
    """

    def __init__(self, text: str | None = None, why: Why = "forbidden", needs: str = "") -> None:
        super().__init__(text)
        self.why = why
        self.needs = needs


class Unclear(DeliveryError):
    """The line was cut before the platform answered: it may have taken the message or not."""


class Unavailable(DeliveryError):
    """The platform could not be reached, and has taken nothing. `why`: 'filtered' if its filter refused the words."""

    def __init__(self, text: str | None = None, why: Why = "") -> None:
        super().__init__(text)
        self.why = why
