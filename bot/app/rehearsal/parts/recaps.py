"""The instructors' recaps: recorded in some weeks, posted as a text, edited or left out in others."""

from functools import partial
from random import Random

from bot.app.rehearsal import words
from bot.app.rehearsal.player import Part, Player
from bot.app.rehearsal.script import Line
from bot.core.people import INSTRUCTORS

WAYS = {"record": 5, "text": 2, "edit": 2, "none": 1}
"""What an instructor does with a week's script, and how often."""


class Recording(Part):
    roles = INSTRUCTORS

    def __init__(self, player: Player) -> None:
        super().__init__(player)
        self._random = Random(f"{player.id}/recaps")
        self._met: set[str] = set()

    def hear(self, line: Line) -> None:
        """The desk asks once a week, and again while nothing is posted."""
        script = line.action("recaps.script")
        if script is not None and script not in self._met:
            self._met.add(script)
            (way,) = self._random.choices(list(WAYS), list(WAYS.values()))
            self.player.later(partial(self._make, line, way), 1, 6)

    async def _make(self, line: Line, way: str) -> None:
        record, text = line.action("recaps.record") or "", line.action("recaps.post") or ""
        script = line.action("recaps.script") or ""
        match way:
            case "record":
                await self.player.open_and_submit(line.message, record, url=words.RECORDING)
            case "text":
                await self.player.press(line.message, text)
            case "edit":
                opened = await self.player.follow(await self.player.press(line.message, script), "recaps.edit")
                if opened is not None and opened.form is not None:
                    said = next(f.value for f in opened.form.fields if f.name == "script")
                    await self.player.submit(opened.form, script=f"{said}\n\n{words.OWN_WORDS}")
                    await self.player.open_and_submit(line.message, record, url=words.RECORDING)
            case _:
                shown = await self.player.press(line.message, script)
                await self.player.follow(shown, "recaps.leave_out")
