"""Who is who: people, accounts, cohorts, channels, memberships, the audit log; and the directory that reads them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from bot.core.errors import NotFound
from bot.core.people import UNKNOWN_ZONE, Account, Actor, Channel, Cohort, Membership, Person, Place, Role
from bot.core.ports import Watched
from bot.core.time import is_zone
from storage.sql import bulk
from storage.sql.schema import Utc
from storage.sql.statements import Statement
from storage.tables.absence import AbsenceRow, gone
from storage.tables.inbox import CursorRow
from storage.tables.people import (
    AccountRow,
    AuditRow,
    ChannelRow,
    CohortRow,
    GroupRoleRow,
    HolidayRow,
    MembershipRow,
    PersonRow,
    known_in,
)

SEEN_EVERY = timedelta(hours=1)
"""How exactly it is known when an account was last used: writing it down at every press would be a write each."""


class People:
    """The `Directory` of bot/core/ports.py, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._known = known_in(session)

    def fetch(self, people: Collection[int]) -> None:
        known = self._known
        wanted = set(people)
        for some in bulk.parts(wanted - known.people.keys()):
            for person in _PEOPLE.rows(self._session, ids=some):
                known.people[person[0]] = Person(*person)
        for some in bulk.parts(wanted - known.accounts.keys()):
            known.accounts.update((one, []) for one in some)
            for id, workspace, user, seen_at in _ACCOUNTS.rows(self._session, ids=some):
                known.accounts[id].append((workspace, user, seen_at))
        for some in bulk.parts(wanted - known.memberships.keys()):
            known.memberships.update((one, []) for one in some)
            for cohort, id, role, joined_at in _MEMBERSHIPS.rows(self._session, ids=some):
                known.memberships[id].append(Membership(cohort, id, _ROLES[role], joined_at))

    def meet(self, actor: Actor) -> Person:
        key = _key(actor.account)
        row = _OWNER.first(self._session, **key)
        if row is None:
            return self._welcome(actor)
        seen_at, *columns = row
        person, known = Person(*columns), self._known
        if actor.name and person.name != actor.name:
            person = replace(person, name=actor.name)
            _RENAME.run(self._session, person=person.id, new_name=person.name)
        if self._now - seen_at >= SEEN_EVERY:
            _SEEN.run(self._session, **key, at=self._now)
            known.accounts.pop(person.id, None)
        known.people[person.id] = person
        return person

    def _welcome(self, actor: Actor) -> Person:
        """Makes a person and their first account."""
        workspace, user = actor.account.workspace, actor.account.user
        zone = actor.zone if actor.zone and is_zone(actor.zone) else UNKNOWN_ZONE
        row = PersonRow(name=actor.name or user, zone=zone, met_at=self._now)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        self._session.add(AccountRow(workspace=workspace, user=user, person=row.id, seen_at=self._now))
        self._session.flush()
        return Person(row.id, row.name, row.zone, row.hour, row.picked_zone)

    def person(self, person: int) -> Person:
        known = self._known.people
        if person not in known:
            row = _PEOPLE.first(self._session, ids=[person])
            if row is None:
                raise NotFound("This person is not known here.")
            known[person] = Person(*row)
        return known[person]

    def owner(self, account: Account) -> Person | None:
        row = _OWNER.first(self._session, **_key(account))
        return Person(*row[1:]) if row else None

    def account(self, person: int, workspace: str | None = None) -> Account | None:
        known = self._known.accounts
        if person not in known:
            known[person] = [(w, u, at) for _, w, u, at in _ACCOUNTS.rows(self._session, ids=[person])]
        found = known[person]
        if len(found) > 1:
            found = [max(found, key=lambda a: (a[0] == workspace, a[2], a[1]))]
        return Account(found[0][0], found[0][1]) if found else None

    def cohort(self, cohort: int) -> Cohort | None:
        known = self._known.cohorts
        if cohort not in known:
            row = _COHORT.first(self._session, cohort=cohort)
            known[cohort] = self._cohort(*row) if row else None
        return known[cohort]

    def cohorts(self, ended: bool = False) -> Sequence[Cohort]:
        return [self._cohort(*row) for row in (_ENDED_COHORTS if ended else _COHORTS).rows(self._session)]

    def cohort_at(self, place: Place, ended: bool = False) -> tuple[Cohort, str] | None:
        row = _CHANNEL.first(self._session, workspace=place.workspace, channel=place.channel)
        cohort = self.cohort(row.cohort) if row else None
        return (cohort, row.purpose) if row and cohort and (ended or cohort.ended_at is None) else None

    def memberships(self, person: int, ended: bool = False) -> Sequence[Membership]:
        if ended:
            found = _MEMBERSHIPS_ENDED.rows(self._session, ids=[person])
            return tuple(Membership(cohort, id, _ROLES[role], at) for cohort, id, role, at in found)
        known = self._known.memberships
        if person not in known:
            found = _MEMBERSHIPS.rows(self._session, ids=[person])
            known[person] = [Membership(cohort, id, _ROLES[role], at) for cohort, id, role, at in found]
        return tuple(known[person])

    def members(self, cohort: int, role: Role | None = None) -> Sequence[Person]:
        roles = [r.value for r in ([role] if role is not None else Role)]
        found = {row[0]: Person(*row) for row in _MEMBERS.rows(self._session, cohort=cohort, roles=roles)}
        self._known.people.update(found)
        return list(found.values())

    def away(self, cohort: int) -> Collection[int]:
        return {person for (person,) in _AWAY.rows(self._session, cohort=cohort, at=self._now)}

    def gone(self, cohort: int) -> Collection[int]:
        return gone(self._session, cohort, self._now)

    def expected(self, cohort: int, since: datetime, until: datetime) -> Collection[int]:
        rows = _EXPECTED.rows(self._session, cohort=cohort, since=since, until=until)
        return {person for (person,) in rows}

    def watched(self, workspace: str) -> Sequence[Watched]:
        return [
            Watched(Place(workspace, channel, direct=direct), after)
            for channel, direct, after in _WATCHED.rows(self._session, workspace=workspace)
        ]

    def groups(self, workspace: str) -> Sequence[str]:
        return [group for (group,) in _GROUPS.rows(self._session, workspace=workspace)]

    def is_active(self, person: int) -> bool:
        return self.account(person) is not None

    def log(self, person: int | None, cohort: int | None, act: str) -> None:
        """Puts an act into the audit log."""
        self._session.add(AuditRow(at=self._now, person=person, cohort=cohort, act=act))

    def _cohort(
        self,
        id: int,
        code: str,
        title: str,
        course_text: str,
        zone: str,
        starts_on: date,
        ended_at: datetime | None,
        cut_short: bool,
    ) -> Cohort:
        channels: list[Channel] = []
        off: set[date] = set()
        for day, _, purpose, workspace, channel in _CHANNELS_AND_HOLIDAYS.rows(self._session, cohort=id):
            if day is None:
                channels.append(Channel(purpose, Place(workspace, channel)))
            else:
                off.add(day)
        return Cohort(
            id, code, title, course_text, zone, starts_on, tuple(channels), ended_at, frozenset(off), cut_short
        )


# Built once: these run for every event.
_ROLES = {role.value: role for role in Role}
_p, _a, _m, _c = (bulk.table(model).c for model in (PersonRow, AccountRow, MembershipRow, CohortRow))
_ch, _h = (bulk.table(model).c for model in (ChannelRow, HolidayRow))
_PERSON = (_p.id, _p.name, _p.zone, _p.hour, _p.picked_zone)
_PEOPLE = Statement(sa.select(*_PERSON).where(bulk.among(_p.id, "ids", int)))
_THIS_ACCOUNT = (_a.workspace == sa.bindparam("of_workspace"), _a.user == sa.bindparam("of_user"))
_OWNER = Statement(
    sa.select(_a.seen_at, *_PERSON).join(bulk.table(PersonRow), _p.id == _a.person).where(*_THIS_ACCOUNT)
)
_RENAME = Statement(
    sa.update(bulk.table(PersonRow)).where(_p.id == sa.bindparam("person")).values(name=sa.bindparam("new_name"))
)
_SEEN = Statement(sa.update(bulk.table(AccountRow)).where(*_THIS_ACCOUNT).values(seen_at=sa.bindparam("at", type_=Utc)))
_ACCOUNTS = Statement(
    sa.select(_a.person, _a.workspace, _a.user, _a.seen_at).where(bulk.among(_a.person, "ids", int), _a.active)
)
_EVERY_MEMBERSHIP = (
    sa.select(_m.cohort, _m.person, _m.role, _m.joined_at)
    .join(bulk.table(CohortRow), _c.id == _m.cohort)
    .where(bulk.among(_m.person, "ids", int), _m.left_at.is_(None))
)
_MEMBERSHIPS = Statement(_EVERY_MEMBERSHIP.where(_c.ended_at.is_(None)).order_by(_m.id))
_MEMBERSHIPS_ENDED = Statement(
    _EVERY_MEMBERSHIP.where(_c.ended_at.is_not(None)).order_by(_c.ended_at.desc(), _m.cohort, _m.id)
)
_EVERY_COHORT = sa.select(_c.id, _c.code, _c.title, _c.course_text, _c.zone, _c.starts_on, _c.ended_at, _c.cut_short)
_COHORT = Statement(_EVERY_COHORT.where(_c.id == sa.bindparam("cohort")))
_COHORTS = Statement(_EVERY_COHORT.where(_c.ended_at.is_(None)).order_by(_c.id))
_ENDED_COHORTS = Statement(_EVERY_COHORT.where(_c.ended_at.is_not(None)).order_by(_c.id))
# One statement for both: nearly every unit of work reads a cohort.
_of_cohort: sa.BindParameter[int] = sa.bindparam("cohort")
_CHANNELS_AND_HOLIDAYS = Statement(
    sa.union_all(
        sa.select(
            sa.cast(sa.null(), sa.Date).label("day"), _ch.position, _ch.purpose, _ch.workspace, _ch.channel
        ).where(_ch.cohort == _of_cohort),
        sa.select(_h.day, sa.literal(0), sa.literal(""), sa.literal(""), sa.literal("")).where(_h.cohort == _of_cohort),
    ).order_by("position")
)
_CHANNEL = Statement(
    sa.select(_ch.cohort, _ch.purpose).where(
        _ch.workspace == sa.bindparam("workspace"), _ch.channel == sa.bindparam("channel")
    )
)
_cu, _g = bulk.table(CursorRow).c, bulk.table(GroupRoleRow).c
_same = sa.and_(_cu.workspace == _ch.workspace, _cu.channel == _ch.channel)
_WATCHED = Statement(
    sa.union(
        sa.select(_ch.channel, sa.false().label("direct"), _cu.message)
        .join(bulk.table(CohortRow), _c.id == _ch.cohort)
        .outerjoin(bulk.table(CursorRow), _same)
        .where(_ch.workspace == sa.bindparam("workspace"), _c.ended_at.is_(None), _ch.lost_at.is_(None)),
        sa.select(_cu.channel, sa.true(), _cu.message).where(_cu.workspace == sa.bindparam("workspace"), _cu.direct),
    ).order_by("channel")
)
_GROUPS = Statement(
    sa.select(_g.group_id)
    .distinct()
    .join(bulk.table(CohortRow), _c.id == _g.cohort)
    .where(_g.workspace == sa.bindparam("workspace"), _c.ended_at.is_(None))
    .order_by(_g.group_id)
)
_w = bulk.table(AbsenceRow).c
_AWAY = Statement(
    sa.select(_w.person).where(
        _w.cohort == _of_cohort,
        _w.starts_at <= sa.bindparam("at", type_=Utc),
        sa.or_(_w.ends_at.is_(None), _w.ends_at > sa.bindparam("at", type_=Utc)),
    )
)
_until = sa.bindparam("until", type_=Utc)
_EXPECTED = Statement(
    sa.select(_m.person).where(
        _m.cohort == _of_cohort,
        _m.role == Role.LEARNER.value,
        _m.left_at.is_(None),
        _m.joined_at < _until,
        ~sa.exists().where(
            _w.cohort == _m.cohort,
            _w.person == _m.person,
            _w.starts_at < _until,
            sa.or_(_w.ends_at.is_(None), _w.ends_at > sa.bindparam("since", type_=Utc)),
        ),
    )
)
_MEMBERS = Statement(
    sa.select(*_PERSON)
    .join(bulk.table(MembershipRow), _m.person == _p.id)
    .where(
        _m.cohort == sa.bindparam("cohort"),
        bulk.among(_m.role, "roles", str),
        _m.left_at.is_(None),
    )
    .order_by(_m.id)
)


def _key(account: Account) -> dict[str, object]:
    return {"of_workspace": account.workspace, "of_user": account.user}
