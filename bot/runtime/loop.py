"""The loop of the running bot: adapters pass events in, APScheduler ticks, and the outbox is delivered.

`receive` answers events. Time passes in three ways: live, the loop ticks every second; a rehearsal or a test advances
through every due instant in order; after downtime time jumps, and the policy of each kind says what is caught up with.
"""

import asyncio
import gc
import logging
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.core.commands import Command, Shortcut
from bot.core.contributions import FOLLOWED
from bot.core.due import Due
from bot.core.errors import Unavailable
from bot.core.events import Event, FormSubmitted, Interaction, MessageEdited, MessagePosted
from bot.core.failures import log_failure
from bot.core.forms import Values
from bot.core.incoming import clean, cleaned
from bot.core.message import Option
from bot.core.people import Actor, MessageRef, Place
from bot.core.ports import Adapter, Answer, Encoder, Watched
from bot.core.time import Clock, SystemClock, WoundClock
from bot.core.translation import _
from bot.runtime.arrivals import Arrivals
from bot.runtime.chat import ChatEvents
from bot.runtime.commands import Commands
from bot.runtime.couriers import Couriers
from bot.runtime.delivery import HELD_FOR, LONGEST_PAUSE, NEVER_POSTED, Prepared, note
from bot.runtime.forms import Forms
from bot.runtime.interactions import Interactions
from bot.runtime.pages import FeaturePages
from bot.runtime.ports import LEASE, Storage, Unit
from bot.runtime.preparing import Preparations
from bot.runtime.registry import Registry
from bot.runtime.ticks import Ticks
from bot.runtime.turns import blank_turn
from bot.runtime.voice import voice

T = TypeVar("T")

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
CLEANED_EVERY = timedelta(hours=6)
"""How often what is no longer needed is deleted, by the bot's clock: where that is wound, what is kept ends by it, too.
"""

SELDOM = (20_000, 20, 100)
"""Thresholds for `gc.set_threshold`: new objects before a young collection, young collections before a middle one, and
middle collections before a full one."""

LONGEST = 40_000
"""Maximum characters of a message that are read. No platform lets people write more."""

LONGEST_SOUGHT = 200
"""Maximum characters of what is typed into a search field."""
NOTED_EACH = timedelta(minutes=1)
FINISHING = 3.0
"""Seconds that events and deliveries in progress get when the bot is told to stop."""
ANSWERING = 0.05
"""Seconds in which the adapter passes a finished answer to the platform."""
HANGING_UP = 2.0
"""Seconds that adapters get to close their connections."""

PATIENCE = 100
"""Idle rounds after which `advance` moves time on."""


class Runtime:
    """The `Bot` of bot/core/ports.py."""

    def __init__(
        self,
        storage: Storage,
        registry: Registry,
        adapters: Sequence[Adapter],
        clock: Clock,
        encoder: Encoder | None = None,
        program: str = "pacekeeper",
    ) -> None:
        """`program` is what the operator types to call this program."""
        self._encoder = encoder
        self._storage = storage
        self._registry = registry
        self._adapters = adapters
        self._clock = clock
        self._stir = asyncio.Event()
        self._couriers = Couriers(adapters, lambda: storage.held, self._stir.set)
        self._commands = Commands(registry, program)
        self._forms = Forms(registry)
        self._interactions = Interactions(registry, self._commands, self._forms, self._couriers.link)
        self._chat = ChatEvents(registry)
        self.pages = FeaturePages(storage, registry, clock, self._couriers.link)
        self._ticks = Ticks(registry)
        self._preparations = Preparations(storage, registry, self.now)
        self._arrivals = Arrivals(storage, self.now)
        # One step of the loop at a time, so that `settle` and the background worker never do the same work.
        self._step = asyncio.Lock()
        self._done = 0
        self._ran: datetime | None = None
        self._noted: datetime | None = None
        self._cleaned: datetime | None = None
        self._came_up = False
        self._latest, self._set_back = clock.now(), False
        self._tasks: list[asyncio.Task[None]] = []
        self._timekeeper: asyncio.Task[None] | None = None
        self._in_hand = 0
        self._stopping = False
        self._scheduler: AsyncIOScheduler | None = None

    @property
    def commands(self) -> Sequence[Command]:
        return self._registry.commands

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        return self._registry.shortcuts

    def now(self) -> datetime:
        now = self._clock.now()
        # Threads ask in parallel, so a slightly earlier instant is not a step. The step is detected here, because a
        # clock that goes forward and back again within a second looks right to a check once a second.
        if now < self._latest - timedelta(seconds=1):
            self._set_back = True
        self._latest = now
        return now

    @property
    def still(self) -> bool:
        """Whether time passes only when the clock is wound."""
        return isinstance(self._clock, WoundClock) and self._clock.still

    # Events

    async def receive(self, event: Event) -> Answer:
        self._in_hand += 1
        try:
            return await self._receive(event)
        finally:
            self._in_hand -= 1

    async def _receive(self, event: Event) -> Answer:
        event = cleaned(event)
        if event.at > (now := self.now()):
            # The platform's clock is ahead of ours.
            event = replace(event, at=now)
        if isinstance(event, MessagePosted | MessageEdited) and len(event.text) > LONGEST:
            event = replace(event, text=_cut(event.text), unread=len(event.text) - LONGEST)
        if self._encoder is not None and (text := self._registry.looked_up(event)):
            # Slow, so it happens before the unit of work. Without a vector, only words are looked up.
            await self._encoder.prepare(text)
        if not isinstance(event, Interaction):
            await self._arrivals.store(event)
            self._stir.set()
            return Answer()
        interaction = event
        answer = await self._storage.run(lambda unit: self._interactions.answer(unit, interaction, self.now()))
        self._stir.set()
        return answer

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        actor, sought = cleaned(actor), clean(typed)[:LONGEST_SOUGHT]
        return await self._storage.run(
            lambda unit: self._commands.options(unit, actor, place, command, parameter, sought, self.now())
        )

    async def page(self, actor: Actor, workspace: str) -> Answer:
        actor = cleaned(actor)
        return await self._storage.run(lambda unit: self._interactions.page(unit, actor, workspace, self.now()))

    async def draft(self, actor: Actor, draft: str) -> Answer:
        actor, draft = cleaned(actor), clean(draft)
        return await self._storage.run(lambda unit: self._forms.kept(unit, actor, draft))

    async def keep(self, actor: Actor, draft: str, values: Values) -> None:
        actor, draft, values = cleaned(actor), clean(draft), cleaned(values)
        await self._storage.run(lambda unit: self._forms.keep(unit, actor, draft, values, self.now()))

    async def tried(self, event: FormSubmitted) -> Answer:
        event = cleaned(event)
        return await self._storage.run(lambda unit: self._interactions.tried(unit, event, self.now()))

    async def recall(self, actor: Actor, key: str) -> Answer:
        actor, key = cleaned(actor), clean(key)
        return await self._storage.run(lambda unit: self._interactions.recall(unit, actor, key))

    async def watched(self, workspace: str) -> Sequence[Watched]:
        return await self._storage.run(lambda unit: unit.people.watched(workspace))

    async def followed(self, workspace: str) -> Sequence[MessageRef]:
        return await self._storage.run(lambda unit: self._followed(unit, workspace))

    def _followed(self, unit: Unit, workspace: str) -> Sequence[MessageRef]:
        turn = blank_turn(self._registry, unit, voice.name, self.now())
        near = [c for c in unit.people.cohorts() if any(b.place.workspace == workspace for b in c.channels)]
        found = [ref for cohort in near for ref in turn.collect(FOLLOWED, cohort)]
        return [ref for ref in found if ref.workspace == workspace]

    async def accounts(self, workspace: str) -> Sequence[str]:
        return await self._storage.run(lambda unit: unit.people.accounts_in(workspace))

    async def groups(self, workspace: str) -> Sequence[str]:
        return await self._storage.run(lambda unit: unit.people.groups(workspace))

    # Steps

    async def _work(self) -> tuple[int, datetime | None]:
        """One round of everything that can be done now. Returns how much was done (0 once nothing is left), and when
        the next work was due before the round."""
        async with self._step:
            handled, claimed, long, at = await self._noting(partial(self._round, busy=self._couriers.busy()))
            if not self._stopping:
                self._preparations.begin(long)
            self._ran, self._came_up = self.now(), False
            self._noted = self._ran if self._notes_run(self._ran) else self._noted
            self._couriers.begin(claimed)
            self._done += handled + len(claimed)
            if self._cleaned is None or abs(self._ran - self._cleaned) >= CLEANED_EVERY:
                self._cleaned = self._ran
                await self._clean_up()
            return handled + len(claimed), at

    async def _next_at(self) -> datetime | None:
        async with self._step:
            return await self._noting(lambda unit: unit.next_at())

    async def _noting(self, work: Callable[[Unit], T]) -> T:
        """A unit of work that first stores the outcomes of deliveries. A commit for these alone would cost as much as
        one for everything."""
        delivered = self._couriers.outcomes

        def noted(unit: Unit) -> T:
            if delivered:
                note(unit, delivered, self.now())
            return work(unit)

        result = await self._storage.run(noted)
        self._couriers.forget(delivered)
        return result

    def _round(
        self, unit: Unit, busy: Mapping[str, Collection[str]]
    ) -> tuple[int, Sequence[Prepared], Sequence[Due], datetime | None]:
        """Handles what can be handled now, and then claims what may be sent beside the `busy` conversations. Returns
        how much was handled, what was claimed, the due rows whose work takes long, and when the next work was due.
        """
        now, at = self.now(), unit.next_at()
        # Before what people wrote meanwhile is handled: none of it is late by a downtime.
        was_down = self._came_up or self._ticks.note_downtime(unit, now, self._ran)
        if self._notes_run(now):
            unit.schedule.ran(now)
        if (at is None or at > now) and not was_down:
            # One query costs less than a round without work.
            return 0, (), (), at
        handled = self._chat.handle_waiting(unit, self.now(), lambda: self._storage.is_wanted)
        due, long = self._ticks.tick(unit, self.now(), was_down)
        return handled + due, self._couriers.claim(unit, busy, self.now()), long, at

    def _notes_run(self, now: datetime) -> bool:
        """Whether it is time to store that the bot runs: where it stopped is known to the minute."""
        return self._scheduler is not None and (self._noted is None or abs(now - self._noted) >= NOTED_EACH)

    async def settle(self) -> datetime | None:
        """Works until nothing can be done at the present instant, and what takes long or is on its way is done; returns
        the next instant at which something is due."""
        at = await self._work_on()
        while await self._rest() and not self._stopping:
            at = await self._work_on()
        return at

    async def _rest(self) -> bool:
        """Waits for what goes on beside the loop. Returns whether there was anything."""
        return await self._couriers.finish() or await self._preparations.finish()

    async def _work_on(self) -> datetime | None:
        """The same, but what takes long goes on."""
        done, at = 1, None
        while done and not self._stopping:
            done, at = await self._work()
        return at

    async def advance(self, until: datetime) -> None:
        """Lets time pass to `until`, stopping at each due instant.

        Raises TypeError if the clock cannot be wound.
        """
        idle, done = 0, self._done
        while (at := await self._next_at()) is not None and at <= until and idle < PATIENCE:
            self.wind(at)
            await self._work()
            while await self._rest():
                await self._work()
            # The background worker may have done it first. Work that nobody can do must not stop time.
            idle, done = (idle + 1 if self._done == done else 0), self._done
        self.wind(until)
        await self.settle()

    def wind(self, at: datetime) -> None:
        """Winds the clock to an instant before which nothing is due. The bot runs meanwhile, so it is no downtime."""
        clock = self._windable()
        self._ran = max(at, self.now())
        clock.wind(at)

    async def jump(self, until: datetime) -> None:
        """Lets time pass as if the bot were off; then everything missed is caught up with, by the policy of each
        kind."""
        self._windable().wind(until)
        await self.settle()

    def _windable(self) -> WoundClock:
        if not isinstance(self._clock, WoundClock):
            raise TypeError("This clock cannot be wound: it is the machine's own.")
        return self._clock

    # Life

    async def start(self) -> None:
        """Starts the adapters, the scheduler and the background worker."""
        self._came_up = await self._storage.run(self._recover)
        self._ran = self._cleaned = self.now()
        await self._clean_up()
        for adapter in self._adapters:
            await adapter.start(self)
        look_seldom_for_garbage()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._tick,
            IntervalTrigger(seconds=TICK_SECONDS, timezone="UTC"),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        self._timekeeper = asyncio.create_task(self._watch_clock(self._scheduler))
        self._tasks.append(asyncio.create_task(self._run()))
        self._stir.set()

    async def stop(self) -> None:
        """Stops in order, within about six seconds even if a platform hangs: events in progress are answered,
        deliveries that were begun are finished and their outcomes stored, and nothing new is begun."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        if self._timekeeper is not None:
            self._timekeeper.cancel()
        self._stopping = True
        self._preparations.stop()
        self._couriers.close()
        self._stir.set()
        ending = {asyncio.create_task(self._finish()), *self._tasks, *self._couriers.tasks}
        await asyncio.wait(ending, timeout=FINISHING)
        await _end(ending)
        if self._couriers.outcomes or self._scheduler is not None:
            try:
                await self._noting(lambda unit: unit.schedule.ran(self.now()))
            except Unavailable as e:
                log.warning("What was delivered last is looked for at the next start: %s", e)
        stopping = {asyncio.create_task(adapter.stop()) for adapter in self._adapters}
        if stopping:
            await asyncio.wait(stopping, timeout=HANGING_UP)
        await _end(stopping)

    async def _finish(self) -> None:
        """Waits until no event is in progress and the last answer has been passed on."""
        while self._in_hand:
            await asyncio.sleep(ANSWERING)
        await asyncio.sleep(ANSWERING)

    def _recover(self, unit: Unit) -> bool:
        """Returns whether the bot was down for long. Interactions may come before the first round."""
        unit.outbox.recover(self.now())
        self._call_in(unit, LONGEST_PAUSE)
        return self._ticks.note_downtime(unit, self.now(), self._ran)

    def _call_in(self, unit: Unit, longest: timedelta) -> None:
        """Tries again within `longest` what waits, even if a wrong clock had set a later time."""
        unit.outbox.call_in(self.now() + longest, self.now() + LEASE)
        unit.inbox.call_in(self.now())

    async def _watch_clock(self, scheduler: AsyncIOScheduler) -> None:
        """Corrects what a backward step of the machine's clock delays. It uses the event loop's own clock, which is
        never set. APScheduler plans each run by the machine's clock: if that is set back by an hour, the next tick
        would come an hour late, and so would deliveries and events that wait for an instant."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.now()
            if self._set_back:
                self._set_back = False
                log.warning("The clock was set back, and is followed")
                try:
                    await self._storage.run(partial(self._call_in, longest=timedelta(0)))
                except Unavailable:
                    self._set_back = True
                    continue
            by_machine = SystemClock().now()
            for job in scheduler.get_jobs():
                if job.next_run_time - by_machine > job.trigger.interval:
                    job.modify(next_run_time=by_machine)

    async def _tick(self) -> None:
        self._stir.set()

    async def _clean_up(self) -> None:
        def forget(unit: Unit) -> None:
            unit.inbox.forget(self.now())
            unit.outbox.forget(self.now())
            ended, held = unit.outbox.end_held(self.now() - HELD_FOR, self.now(), NEVER_POSTED)
            if ended:
                log.warning("%d messages were given up: %s", ended, NEVER_POSTED)
                unit.inbox.add(held, self.now())
            unit.schedule.forget(self.now())
            unit.store(voice.name).forget(self.now())
            unit.page_sessions.forget()
            unit.files.forget(self.now())

        await self._storage.run(forget)

    async def _run(self) -> None:
        while not self._stopping:
            await self._stir.wait()
            self._stir.clear()
            try:
                await self._work_on()
            except Exception:
                # After a full disk or a lost database the next tick tries again; nothing was acknowledged.
                log_failure(log, "The loop will try again")


async def _end(tasks: Set[asyncio.Task[None]]) -> None:
    """Cancels what still runs, and logs failures."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            log_failure(log, "Something failed while stopping", error=result)


def look_seldom_for_garbage() -> None:
    """Makes garbage collection rare. It stops the event loop and finds little: what is loaded so far is excluded, and
    the objects of a large unit of work are seldom examined."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def _cut(text: str) -> str:
    more = _("[… {more} more characters stand in the message itself.]", more=f"{len(text) - LONGEST:,}")
    return f"{text[:LONGEST]}\n{more}"
