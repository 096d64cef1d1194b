"""The store of what waits to be said, on both databases."""

from dataclasses import MISSING, fields
from datetime import timedelta

from bot.core.message import Button, buttons, message, note, paragraph
from bot.core.people import Role
from bot.core.time import WoundClock
from bot.core.voice import Awaited, Card, Line, Notice
from bot.runtime.budget import Waiting
from bot.runtime.ports import VoiceStore
from storage.unit import SqlStorage, SqlUnit
from tests.contract.test_questions_and_faq import seed

DAY = timedelta(days=1)


def test_what_waits_is_read_as_it_was_said(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        cohort, ines = seed(unit)
        store: VoiceStore = unit.store("voice")
        now, dates = clock.now(), (clock.now() + DAY, clock.now() + 2 * DAY)
        said, below = message(paragraph("Week 1"), buttons(Button("Ask", "a/b/1:"))), (note("Quoted"),)
        due, staff = now + DAY, Role.INSTRUCTOR
        notices: list[Notice] = [
            Card(ines, cohort, "card", said, now, due, staff, "spare", joins=True, about="What", lists_all=True),
            Line(ines, cohort, "moved", ("It is due later.",), due, staff, urgent=True, moved=dates),
            Line(ines, cohort, "shape", ("The course is another one.",), due, knows="Earlier", below=below),
            Awaited(ines, cohort, "answer", ("Here it is.",), due, below, moved=dates, personal=True),
            Awaited(ines, cohort, "plain", ("It is granted.",), due, moved=dates),
        ]
        store.keep([Waiting(None, one, now) for one in notices])
        read = [one.notice for one in store.waiting([ines])[ines]]
        assert read == notices
        for kind in (Card, Line, Awaited):
            mine = [one for one in notices if isinstance(one, kind)]
            for one in fields(kind):
                tried = {str(getattr(notice, one.name)) for notice in mine}
                assert one.default is MISSING or tried != {str(one.default)}, f"{kind.__name__}.{one.name} is not tried"

    storage.run_now(work)
