"""Live sessions, and what people have to do with them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func
from sqlmodel import col, select

from bot.core.time import parse_instant, write_instant
from bot.course.loader import course_of
from bot.features.live.store import Heard, Outcome, Promise, Session, Taking
from storage.sql.clauses import among, given
from storage.sql.mapper import Mapper
from storage.sql.statements import Query
from storage.sql.store import Store
from storage.tables.live import LivePersonRow, LiveSessionRow
from storage.tables.people import CohortRow


def _times(row: Any, which: int) -> tuple[datetime, ...]:
    return tuple(map(parse_instant, json.loads(row.times)[which]))


_PROMISE: TypeAdapter[Promise] = TypeAdapter(Promise)


def _promise(row: Any) -> Promise | None:
    promise = json.loads(row.times)[2:]
    return _PROMISE.validate_python(promise[0]) if promise and promise[0] else None


def _later(row: Any, which: int) -> datetime | None:
    later = json.loads(row.times)[3:]
    return parse_instant(later[0][which]) if later and later[0][which] else None


def _nights(row: Any) -> tuple[datetime, ...]:
    nights = json.loads(row.times)[4:]
    return tuple(map(parse_instant, nights[0])) if nights else ()


def _dark_since(row: Any) -> datetime | None:
    since = json.loads(row.times)[5:]
    return parse_instant(since[0]) if since and since[0] else None


_OUTCOME: TypeAdapter[Outcome | None] = TypeAdapter(Outcome | None)
_KNOWN: TypeAdapter[tuple[Heard, ...]] = TypeAdapter(tuple[Heard, ...])

_TAKING = Mapper(
    Taking,
    LivePersonRow,
    answers=lambda row: tuple(json.loads(row.answers)),
    told=lambda row: _KNOWN.validate_json(row.told),
)
_SESSION = Mapper(
    Session,
    LiveSessionRow,
    slots=lambda row: _times(row, 0),
    known=lambda row: _times(row, 1),
    promise=_promise,
    on_until=lambda row: _later(row, 0),
    open_until=lambda row: _later(row, 1),
    nights=_nights,
    dark_since=_dark_since,
    outcome=lambda row: _OUTCOME.validate_json(row.outcome),
)


# Compiled once: every card, desk and calendar asks for these.
_SESSIONS = _SESSION.query(*given(LiveSessionRow.cohort), order_by=(LiveSessionRow.week, LiveSessionRow.id))
_ONE = _SESSION.query(*given(LiveSessionRow.id, LiveSessionRow.cohort))
_COURSE = Query(select(CohortRow.course_text).where(CohortRow.id == bindparam("cohort")))
_THEIRS = _TAKING.query(
    *given(LivePersonRow.person),
    col(LivePersonRow.session).in_(select(LiveSessionRow.id).where(*given(LiveSessionRow.cohort))),
)
_TAKINGS = _TAKING.query(among(LivePersonRow.session, "sessions"), order_by=(LivePersonRow.person,))
_SIGNED: tuple[Any, ...] = (col(LivePersonRow.here_at), col(LivePersonRow.reflected_at))
_SIGNS = [
    Query(
        select(LivePersonRow.person, func.max(at))
        .join(LiveSessionRow, col(LiveSessionRow.id) == col(LivePersonRow.session))
        .where(*given(LiveSessionRow.cohort), at >= bindparam("since"), at < bindparam("until"))
        .group_by(col(LivePersonRow.person))
    )
    for at in _SIGNED
]


class SqlLive(Store):
    """The `LiveStore` of bot/features/live, over tables."""

    def of(self, cohort: int) -> Sequence[Session]:
        return self._promised(cohort, _SESSIONS.all(self._session, cohort=cohort))

    def get(self, cohort: int, session: int) -> Session | None:
        found = _ONE.first(self._session, id=session, cohort=cohort)
        return self._promised(cohort, [found])[0] if found is not None else None

    def _promised(self, cohort: int, found: Sequence[Session]) -> Sequence[Session]:
        """Sessions that were announced before promises were stored promise what the course file has."""
        if all(one.promise is not None or not one.is_out for one in found):
            return found
        course = course_of(_COURSE.one(self._session, cohort=cohort))
        promises = {live.id: Promise(live, course.live_rules.reflect_days) for live in course.live}
        return [replace(one, promise=one.promise or promises.get(one.name)) for one in found]

    def add(self, session: Session) -> Session:
        return _SESSION.read(self._add(LiveSessionRow(**_columns(session))))

    def keep(self, session: Session) -> None:
        self._change(LiveSessionRow, session.id, **_columns(session))

    def drop(self, session: int) -> None:
        self._delete(LivePersonRow, LivePersonRow.session == session)
        self._delete(LiveSessionRow, LiveSessionRow.id == session)

    def taking(self, cohort: int, person: int) -> Mapping[int, Taking]:
        return {one.session: one for one in _THEIRS.all(self._session, cohort=cohort, person=person)}

    def takings(self, sessions: Collection[int]) -> Sequence[Taking]:
        return _TAKINGS.all(self._session, sessions=sessions) if sessions else []

    def take(self, taking: Taking) -> None:
        self._put(LivePersonRow(**{**_TAKING.columns(taking), **_documents(taking)}))

    def got_file(self, session: int, person: int) -> None:
        theirs = (LivePersonRow.session == session, LivePersonRow.person == person)
        self._update(LivePersonRow, *theirs, files=LivePersonRow.files + 1)

    def count(self, session: int, people: Collection[int]) -> None:
        known = {one.person: one for one in self.takings([session])}
        for person in sorted(people):
            self.take(replace(known.get(person, Taking(session, person)), counted=True))

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        found: dict[int, datetime] = {}
        for signs in _SIGNS:
            for person, at in signs.all(self._session, cohort=cohort, since=since, until=until):
                found[person] = max(at, found.get(person, at))
        return found


def _columns(session: Session) -> dict[str, Any]:
    times = [[write_instant(at) for at in some] for some in (session.slots, session.known)]
    promise = _PROMISE.dump_python(session.promise, mode="json") if session.promise is not None else None
    later = [at and write_instant(at) for at in (session.on_until, session.open_until)]
    nights = [write_instant(at) for at in session.nights]
    dark = session.dark_since and write_instant(session.dark_since)
    outcome = _OUTCOME.dump_json(session.outcome).decode()
    stored = {"times": json.dumps([*times, promise, later, nights, dark]), "outcome": outcome}
    return {**_SESSION.columns(session), **stored}


def _documents(taking: Taking) -> dict[str, str]:
    return {"answers": json.dumps(taking.answers), "told": _KNOWN.dump_json(taking.told).decode()}
