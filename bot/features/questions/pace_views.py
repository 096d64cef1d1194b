"""What the course team reads about slow answers."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from bot.core.actions import Action
from bot.core.labels import Labels
from bot.core.message import Block, Bold, Button, Message, buttons, heading, message, note, paragraph, quote, shorten
from bot.core.people import Cohort, Person
from bot.core.time import say_span
from bot.core.translation import _, _n, some_of
from bot.core.typed import excerpt
from bot.features.questions.store import Question
from bot.features.questions.views import BEGINNING, act, of

SHOWN = 5
"""Questions in one message, each with its button."""

TEAM = 3
"""Of the course team with a button to write to them."""


class Wait(NamedTuple):
    """A question, how long it waited for its first reply or still does, and who replied: None if nobody has, or nobody
    may be named."""

    question: Question
    span: timedelta
    by: str | None


def slow(
    cohort: Cohort, found: Sequence[Wait], replied: Mapping[str, int], team: Sequence[Person], *, names: bool
) -> Message:
    """`replied`: who replied first, and how often. `names`: the reader may name somebody to the course team."""
    blocks: list[Block | None] = []
    if found:
        number = len(found)
        blocks.append(heading(_n("{n} question waited too long", "{n} questions waited too long", number)))
    else:
        blocks.append(paragraph(_("Every question of these seven days got its first reply in time.")))
    for place, one in enumerate(found[:SHOWN], 1):
        waits = say_span(one.span)
        if one.by:
            said = _("by {name}", name=one.by)
        else:
            said = _("still waits") if one.question.first_answer_at is None else _("without a name")
        blocks += [paragraph(Bold(f"{place}. {waits}"), f", {said}"), quote(excerpt(one.question.text, BEGINNING))]
    if more := len(found) - SHOWN:
        blocks.append(note(_n("{n} more waited too long.", "{n} more waited too long.", more)) if more > 0 else None)
    if replied:
        said = some_of([f"{shorten(name, 40)} ({times})" for name, times in replied.items()], 10)
        blocks.append(paragraph(_("Replied first in these seven days: {names}.", names=said)))
    if not team:
        blocks.append(paragraph(_("Nobody else here is an instructor.")))
    labels = Labels()
    return message(
        *blocks,
        buttons(*(Button(_("Open {i}", i=i), of(one.question, "open")) for i, one in enumerate(found[:SHOWN], 1))),
        buttons(
            *(
                labels.once(
                    Button(
                        _("Write to {name}", name=shorten(person.name, 30)),
                        act("write", cohort.id, f"{person.id}.{_('the wait for first replies')}"),
                    )
                )
                for person in team[:TEAM]
            ),
            Button(_("Name somebody"), Action("enrolment", "person", cohort.id).encode()) if names else None,
        ),
    )
