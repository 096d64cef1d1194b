"""What is found out once within a unit of work, and known until the unit writes something. A page asks for the same
work, dates and credits again for each of its figures."""

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar, cast

from bot.core.people import Person
from bot.core.translation import present

F = TypeVar("F", bound=Callable[..., Any])


def once(run: F) -> F:
    """A function of a turn, asked once for the same: what it returns follows from its arguments, `turn.now` and what
    is stored."""

    @wraps(run)
    def asked(turn: Any, *args: Any) -> Any:
        key = (run, turn.now, present(), *map(_hashable, args))
        found = turn.features.known.get(key)
        if found is None:
            found = run(turn, *args)
            # What was known before is gone if it wrote something itself.
            turn.features.known[key] = found
        return found

    return cast(F, asked)


def once_for_each(run: F) -> F:
    """A function of a turn, a cohort and people, asked once for each of them. It returns any number of values, each
    with the id of a person, and what it says of somebody does not depend on who else is asked."""

    @wraps(run)
    def asked(turn: Any, cohort: Any, people: Any) -> Any:
        known: dict[Person, list[Any]] = turn.features.known.setdefault((run, turn.now, present(), cohort), {})
        if missing := [person for person in people if person not in known]:
            found: dict[int, list[Any]] = {person.id: [] for person in missing}
            for one in run(turn, cohort, missing):
                found[one[0]].append(one)
            known.update((person, found[person.id]) for person in missing)
        return [one for person in people for one in known[person]]

    return cast(F, asked)


def _hashable(value: Any) -> Hashable:
    return frozenset(value) if isinstance(value, set) else tuple(value) if isinstance(value, list) else value
