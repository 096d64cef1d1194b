"""Runs the players' plans and the bot's own, merged in order of time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.app.rehearsal.player import Troupe
from bot.app.rehearsal.script import Line, read
from bot.app.rehearsal.stage import Stage
from bot.runtime.loop import look_seldom_for_garbage

STUCK = timedelta(hours=1)
"""How far the clock advances when something due cannot be done."""


async def play(
    stage: Stage,
    troupe: Troupe,
    hear: Callable[[Line], None],
    tell: Callable[[datetime], None],
    down: tuple[datetime, datetime] | None = None,
) -> None:
    """Runs the stage to its end. `hear` is called with each transcript line, `tell` with each instant. `down`: from
    when to when the bot is down; people who would act then do so afterwards."""
    look_seldom_for_garbage()
    await stage.sandbox.start(stage.app.runtime)
    troupe.begin()
    heard = 0
    while True:
        due = await stage.app.runtime.settle()
        heard = _listen(stage, troupe, hear, heard)
        if await _act(stage, troupe):
            continue
        if due is not None and due <= stage.clock.now():
            due = stage.clock.now() + STUCK
        at = min((at for at in (due, troupe.prompter.next_at()) if at is not None), default=None)
        if at is None or at > stage.end:
            break
        if down is not None and at >= down[0]:
            await stage.app.runtime.jump(max(at, down[1]))
            down = None
            continue
        stage.app.runtime.wind(at)
        tell(stage.clock.now())
    await stage.app.runtime.advance(stage.end)
    _listen(stage, troupe, hear, heard)
    tell(stage.end)


def _listen(stage: Stage, troupe: Troupe, hear: Callable[[Line], None], after: int) -> int:
    """Passes on the lines since `after`; returns the last line's number."""
    for text in stage.platform.transcript.read(after):
        line = read(text)
        hear(line)
        troupe.hear(line)
        after = line.seq
    return after


async def _act(stage: Stage, troupe: Troupe) -> bool:
    """Runs the people's steps of this instant, one after the other; the bot's reactions come in the next round."""
    acted = False
    while step := troupe.prompter.take(stage.clock.now()):
        await step()
        acted = True
        await asyncio.sleep(0)
    return acted
