"""The people whom a script names or quotes.

A stored script has marks of names and quotes, so that a person who has another name by now can still be taken out of
it.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.core.contributions import Quote
from bot.core.people import Cohort, Person
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.recaps import rules
from bot.features.recaps.store import Recap, RecapStore

Recaps = Turn[RecapStore]


def of_week(turn: Recaps, cohort: Cohort, week: int) -> Recap:
    """The recap of a week, with the names that people have now."""
    return _named(turn, _stored(turn, cohort, week))


def _stored(turn: Recaps, cohort: Cohort, week: int) -> Recap:
    return next((r for r in turn.store.of(cohort.id) if r.week == week), Recap(cohort.id, week))


def keep(
    turn: Recaps, cohort: Cohort, recap: Recap, quotes: Collection[Quote] = (), not_meant: Collection[int] = ()
) -> None:
    """Stores a recap. `quotes`: whose words its draft has, besides those of the stored one. `not_meant`: people whose
    first name is a word in it."""
    members, before = turn.people.members(cohort.id), _stored(turn, cohort, recap.week)
    words = {*quotes, *rules.quotes_in(before.script), *rules.quotes_in(before.base)}
    base = rules.marked(recap.base, members, words)
    script = rules.marked(recap.script, members, words, base, not_meant)
    turn.store.keep(replace(recap, script=script, base=base))


def unname(turn: Recaps, person: Person) -> list[tuple[Recap, Recap]]:
    """Takes a person out of all recaps of the cohort. Returns those that have changed, as they were and as they are."""
    instead = _("one of you")
    return _rewrite(
        turn, lambda text, recap: rules.unmarked(text, person, instead, recap.base, recap.is_out), person.id
    )


def unquote(turn: Recaps, person: int, texts: Collection[str]) -> list[tuple[Recap, Recap]]:
    """Takes quotes of these texts of a person out of all recaps of the cohort. Returns the same."""
    return _rewrite(turn, lambda text, _recap: rules.unquoted(text, person, texts), person)


def requote(turn: Recaps, person: int, before: str, after: str) -> list[tuple[Recap, Recap]]:
    """Quotes what a person says now in all recaps of the cohort. Returns the same."""
    return _rewrite(turn, lambda text, _recap: rules.requoted(text, person, before, after))


def _rewrite(turn: Recaps, write: Callable[[str, Recap], str], person: int | None = None) -> list[tuple[Recap, Recap]]:
    """`person`: who is taken out. A recording still has them."""
    changed = []
    for recap in turn.store.of(turn.here.id):
        script, base = (
            rules.without_empty_quotes(text, write(text, recap), recap.base) for text in (recap.script, recap.base)
        )
        after = replace(recap, script=script, base=base)
        if after != recap:
            if person is not None and recap.is_out and recap.url and script != recap.script:
                ids = " ".join(dict.fromkeys([*recap.taken_out.split(), str(person)]))
                after = replace(after, taken_out_at=turn.now, taken_out=ids)
            turn.store.keep(after)
            changed.append((_named(turn, recap), _named(turn, after)))
    return changed


def naming(turn: Recaps, person: int) -> list[Recap]:
    """The posted recaps of the cohort that name somebody, with the names that people have now."""
    found = [r for r in turn.store.of(turn.here.id) if r.is_out and person in rules.people_in(r.script)]
    return [_named(turn, recap) for recap in found]


def _named(turn: Recaps, recap: Recap) -> Recap:
    marks = rules.people_in(recap.script) | rules.people_in(recap.base)
    names = {person: turn.people.person(person).name for person in marks}
    return replace(recap, script=rules.named(recap.script, names), base=rules.named(recap.base, names))
