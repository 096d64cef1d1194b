"""How long the bot has run. Time in which it was down counts for nobody: not as a learner's silence, not as the time
that a question waited, and not against work that was due in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTICED = timedelta(hours=1)
"""The shortest downtime that counts. A restart is none."""

BRIEF = timedelta(minutes=2)
"""The shortest restart by which something could be late."""

RECOVERY = timedelta(days=1)
"""How long after a downtime people get for what was due in it."""

AFTER_RESTART = timedelta(minutes=30)
"""How long after a restart people get for what closed in it. No date moves."""

BELIEVED = timedelta(days=30)
"""How old a message may be to count by its own time. The platforms are asked for less."""


@dataclass(frozen=True, slots=True)
class Outage:
    """The bot did not run from `since` until `until`."""

    since: datetime
    until: datetime

    @property
    def is_downtime(self) -> bool:
        """False for a restart, which moves no date."""
        return self.until - self.since >= NOTICED


@dataclass(frozen=True, slots=True)
class Uptime:
    """What was up to `now` without the outages, which are in order of time."""

    now: datetime
    outages: Sequence[Outage] = ()

    def since(self, start: datetime) -> timedelta:
        """How long the bot has run since an instant."""
        return self.between(start, self.now)

    def between(self, start: datetime, end: datetime) -> timedelta:
        lost = (min(end, outage.until) - max(start, outage.since) for outage in self.outages)
        return end - start - sum((span for span in lost if span > timedelta(0)), timedelta(0))

    def ago(self, span: timedelta) -> datetime:
        """The instant since which the bot has run for `span`."""
        end, left = self.now, span
        for outage in reversed(self.outages):
            if outage.since >= end:
                continue
            ran = max(end - outage.until, timedelta(0))
            if ran >= left:
                break
            end, left = outage.since, left - ran
        return end - left

    def open_until(self, opens: datetime, closes: datetime) -> datetime:
        """When something that is open from one instant to the other closes: after an outage in it, with a day left at
        least."""
        for outage in self.outages:
            if outage.is_downtime and outage.since <= closes < outage.until + RECOVERY and opens < outage.until:
                closes = outage.until + RECOVERY
        return closes

    def resumed(self, at: datetime) -> datetime:
        """When something planned for an instant can happen: then, or at the end of the downtime that it fell into."""
        return next((o.until for o in self.outages if o.is_downtime and o.since <= at < o.until), at)

    def counted(self, at: datetime) -> datetime:
        """When what a person said or did at an instant of the platform's clock counts as done. Right after a restart it
        is when the bot stopped, since nothing could be done in between. A time that is ahead, or older than `BELIEVED`,
        counts as now."""
        if not self.now - BELIEVED <= at <= self.now:
            at = self.now
        for outage in reversed(self.outages):
            if not outage.is_downtime and outage.until <= at < outage.until + AFTER_RESTART:
                at = outage.since
        return at
