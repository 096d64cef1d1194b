"""Pure decisions about feedback: what waits, since when, and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.core.contributions import Work
from bot.core.translation import _
from bot.core.typed import trim, typed_link, unfit_link
from bot.core.uptime import Uptime
from bot.features.feedback.store import Draft, Feedback, Seen


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work with what was said about it."""

    work: Work
    given: tuple[Feedback, ...] = ()
    seen: Seen | None = None

    @property
    def dealt_with(self) -> datetime | None:
        """The newest version that the course team has dealt with."""
        if not self.given:
            return self.seen.at if self.seen else None
        return max([f.version for f in self.given] + ([self.seen.at] if self.seen else []))

    @property
    def waits(self) -> bool:
        return self.dealt_with is None or self.work.changed_at > self.dealt_with

    @property
    def is_changed(self) -> bool:
        """Whether it waits again because the learner changed it."""
        return self.waits and self.dealt_with is not None

    @property
    def waits_since(self) -> datetime:
        return self.work.changed_at if self.is_changed else self.work.first_at


def pieces(works: Sequence[Work], given: Sequence[Feedback], seen: Sequence[Seen]) -> list[Piece]:
    """All work, with what belongs to each piece."""
    last = {s.work: s for s in seen}
    said: dict[str, list[Feedback]] = {}
    for one in given:
        said.setdefault(one.work, []).append(one)
    return [Piece(w, tuple(said.get(w.name, ())), last.get(w.name)) for w in works]


def queue(found: Sequence[Piece]) -> list[Piece]:
    """What waits for feedback, what was handed in first first. The work of a pod waits once."""
    waiting = sorted((p for p in found if p.waits), key=lambda p: (p.waits_since, p.work.name))
    first: dict[tuple[object, ...], Piece] = {}
    for piece in waiting:
        first.setdefault(piece.work.once, piece)
    return list(first.values())


def same(found: Sequence[Piece], one: Piece) -> list[Piece]:
    """The same work of the others of a pod."""
    return [p for p in found if p.work.once == one.work.once and p.work.name != one.work.name]


def unanswered(given: Sequence[Feedback]) -> list[Feedback]:
    """Replies to feedback after which nothing was said about that work, which may be taken back by now."""
    last: dict[str, datetime] = {}
    for one in given:
        last[one.work] = max(one.at, last.get(one.work, one.at))
    return [one for one in given if one.reply_at is not None and last[one.work] <= one.reply_at]


def problems(said: Draft) -> dict[str, str]:
    """Errors in a filled-in form, by field."""
    if said.link and (wrong := unfit_link(said.link)):
        return {"link": wrong}
    if not said.link and not said.text:
        return {"text": _("Please write your feedback, or give a link to a recording.")}
    return {}


def read(text: str, link: str) -> Draft:
    return Draft(trim(text), typed_link(link))


def median_wait(given: Sequence[Feedback], uptime: Uptime) -> timedelta | None:
    """The median time from hand-in to feedback; None if nobody got any."""
    waits = [uptime.between(f.waited_from, f.at).total_seconds() for f in given if f.waited_from is not None]
    return timedelta(seconds=median(waits)) if waits else None


def longest_wait(found: Sequence[Piece], uptime: Uptime) -> timedelta | None:
    """How long the work has waited that waits longest; None if none waits."""
    return max((uptime.since(p.waits_since) for p in found if p.waits), default=None)
