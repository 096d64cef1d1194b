"""The people whom a script names.

A stored script has marks instead of names, so that a person who has another name by now can still be taken out of it.
"""

from dataclasses import replace

from bot.core.people import Cohort, Person
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.recaps import rules
from bot.features.recaps.store import Recap, RecapStore

Recaps = Turn[RecapStore]


def of_week(turn: Recaps, cohort: Cohort, week: int) -> Recap:
    """The recap of a week, with the names that people have now."""
    found = next((r for r in turn.store.of(cohort.id) if r.week == week), Recap(cohort.id, week))
    return _named(turn, found)


def keep(turn: Recaps, cohort: Cohort, recap: Recap) -> None:
    members = turn.people.members(cohort.id)
    turn.store.keep(replace(recap, script=rules.marked(recap.script, members), base=rules.marked(recap.base, members)))


def unname(turn: Recaps, cohort: Cohort, person: Person) -> list[tuple[Recap, Recap]]:
    """Takes a person out of all recaps of a cohort. Returns those that have changed, as they were and as they are."""
    instead, changed = _("one of you"), []
    for recap in turn.store.of(cohort.id):
        script, base = (rules.unmarked(text, person, instead) for text in (recap.script, recap.base))
        after = replace(recap, script=script, base=base)
        if after != recap:
            turn.store.keep(after)
            changed.append((_named(turn, recap), _named(turn, after)))
    return changed


def _named(turn: Recaps, recap: Recap) -> Recap:
    marks = rules.people_in(recap.script) | rules.people_in(recap.base)
    names = {person: turn.people.person(person).name for person in marks}
    return replace(recap, script=rules.named(recap.script, names), base=rules.named(recap.base, names))
