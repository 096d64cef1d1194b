"""The directory: reads people, accounts, cohorts, channels and memberships, and writes the audit log."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.core.errors import NotFound
from bot.core.people import UNKNOWN_ZONE, Account, Actor, Channel, Cohort, Membership, Person, Place, Role
from bot.core.ports import Watched
from bot.core.time import is_zone
from storage.sql.clauses import among, given
from storage.sql.mapper import Mapper
from storage.sql.schema import Utc
from storage.sql.statements import Change, Query
from storage.sql.store import Store
from storage.tables.absence import AbsenceRow, gone
from storage.tables.inbox import CursorRow
from storage.tables.people import (
    FORMER_FOR,
    AccountRow,
    AuditRow,
    ChannelRow,
    CohortRow,
    FormerNameRow,
    GroupRoleRow,
    HolidayRow,
    MembershipRow,
    PersonRow,
    forget_known,
    known_in,
)

SEEN_EVERY = timedelta(hours=1)
"""The last use of an account is stored at most this often; otherwise every press would write."""


class SqlPeople(Store):
    """The `Directory` of bot/core/ports.py, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session, now)
        self._known = known_in(session)
        self._renamed: set[int] = set()

    def fetch(self, people: Collection[int]) -> None:
        known = self._known
        wanted = set(people)
        if missing := wanted - known.people.keys():
            known.people.update((person.id, person) for person in _PEOPLE.all(self._session, ids=missing))
        if missing := wanted - known.accounts.keys():
            known.accounts.update((person, []) for person in missing)
            for person, workspace, user, seen_at in _ACCOUNTS.all(self._session, ids=missing):
                known.accounts[person].append((workspace, user, seen_at))
        if missing := wanted - known.memberships.keys():
            known.memberships.update((person, []) for person in missing)
            for membership in _MEMBERSHIPS.all(self._session, ids=missing):
                known.memberships[membership.person].append(membership)

    def meet(self, actor: Actor) -> Person:
        key = _key(actor.account)
        row = _OWNER.first(self._session, **key)
        if row is None:
            return self._welcome(actor)
        (seen_at, active), person = row[:2], Person(*row[2:])
        if actor.name and person.name != actor.name:
            if person.name != actor.account.user:
                # Before their profile is read somebody is called by their id, which is no name.
                self._session.merge(FormerNameRow(person=person.id, name=person.name, until=self._now))
            person = replace(person, name=actor.name)
            _RENAME.run(self._session, id=person.id, new_name=person.name)
            self._renamed.add(person.id)
        if active and self._now - seen_at >= SEEN_EVERY:
            _SEEN.run(self._session, **key, at=self._now)
            self._known.accounts.pop(person.id, None)
        self._known.people[person.id] = person
        return person

    def names(self, people: Collection[Person]) -> Mapping[int, Sequence[str]]:
        found = {person.id: {person.name: None} for person in people}
        for person, name in _FORMER.all(self._session, people=sorted(found), since=self._now - FORMER_FOR):
            found[person][name] = None
        return {person: list(names) for person, names in found.items()}

    def known_names(self, names: Collection[str]) -> Set[str]:
        return set(_NAMED.all(self._session, names=names)) if names else set()

    def take_renamed(self) -> Collection[int]:
        found, self._renamed = self._renamed, set()
        return found

    def _welcome(self, actor: Actor) -> Person:
        """Creates a person and their first account; or another account of somebody who is known elsewhere."""
        workspace, user = actor.account.workspace, actor.account.user
        if actor.account.is_worldwide:
            others = self._session.exec(
                select(AccountRow).where(AccountRow.user == user).order_by(col(AccountRow.person))
            ).all()
            known = next((o for o in others if Account(o.workspace, o.user).is_worldwide), None)
            if known is not None:
                self._add(AccountRow(workspace=workspace, user=user, person=known.person, seen_at=self._now))
                self._known.accounts.pop(known.person, None)
                return self.meet(actor)
        zone = actor.zone if actor.zone and is_zone(actor.zone) else UNKNOWN_ZONE
        row = self._add(PersonRow(name=actor.name or user, zone=zone, met_at=self._now))
        self._add(AccountRow(workspace=workspace, user=user, person=row.id, seen_at=self._now))
        return _PERSON.read(row)

    def person(self, person: int) -> Person:
        known = self._known.people
        if person not in known:
            found = _PEOPLE.first(self._session, ids=[person])
            if found is None:
                raise NotFound("This person is not known here.")
            known[person] = found
        return known[person]

    def owner(self, account: Account) -> Person | None:
        row = _OWNER.first(self._session, **_key(account))
        return Person(*row[2:]) if row else None

    def account(self, person: int, workspace: str | None = None) -> Account | None:
        known = self._known.accounts
        if person not in known:
            known[person] = [(w, u, at) for _, w, u, at in _ACCOUNTS.all(self._session, ids=[person])]
        found = known[person]
        if len(found) > 1:
            found = [max(found, key=lambda a: (a[0] == workspace, a[2], a[1]))]
        return Account(found[0][0], found[0][1]) if found else None

    def cohort(self, cohort: int) -> Cohort | None:
        known = self._known.cohorts
        if cohort not in known:
            row = _COHORT.first(self._session, id=cohort)
            known[cohort] = self._cohort(*row) if row else None
        return known[cohort]

    def cohorts(self, ended: bool = False) -> Sequence[Cohort]:
        return [self._cohort(*row) for row in (_ENDED_COHORTS if ended else _COHORTS).all(self._session)]

    def cohort_at(self, place: Place, ended: bool = False) -> tuple[Cohort, str] | None:
        row = _CHANNEL.first(self._session, workspace=place.workspace, channel=place.channel)
        if row is None:
            return None
        cohort = self.cohort(row[0])
        return (cohort, row[1]) if cohort and (ended or cohort.ended_at is None) else None

    def memberships(self, person: int, ended: bool = False) -> Sequence[Membership]:
        if ended:
            return _MEMBERSHIPS_ENDED.all(self._session, ids=[person])
        known = self._known.memberships
        if person not in known:
            known[person] = list(_MEMBERSHIPS.all(self._session, ids=[person]))
        return tuple(known[person])

    def members(self, cohort: int, role: Role | None = None) -> Sequence[Person]:
        roles = [r.value for r in ([role] if role is not None else Role)]
        found = {person.id: person for person in _MEMBERS.all(self._session, cohort=cohort, roles=roles)}
        self._known.people.update(found)
        return list(found.values())

    def joined(self, cohort: int, people: Collection[int] | None = None, ever: bool = False) -> Mapping[int, datetime]:
        return dict((_EVER_JOINED if ever else _JOINED).about(self._session, people, cohort=cohort))

    def first_joined(self, cohort: int, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        return dict(_FIRST_JOINED.about(self._session, people, cohort=cohort))

    def away(self, cohort: int) -> Collection[int]:
        return set(_AWAY.all(self._session, cohort=cohort, at=self._now))

    def gone(self, cohort: int) -> Collection[int]:
        return gone(self._session, cohort, self._now)

    def expected(self, cohort: int, since: datetime, until: datetime, came: Collection[int] = ()) -> Collection[int]:
        second_day, last_day = since + timedelta(days=1), until - timedelta(days=1)
        found = set(_EXPECTED.all(self._session, cohort=cohort, until=until, second_day=second_day, last_day=last_day))
        others = set(came) - found
        return found | self.joined(cohort, others, ever=True).keys() if others else found

    def watched(self, workspace: str) -> Sequence[Watched]:
        rows = _WATCHED.all(self._session, workspace=workspace)
        return [Watched(Place(workspace, channel, direct=direct), after, lost) for channel, direct, after, lost in rows]

    def accounts_in(self, workspace: str) -> Sequence[str]:
        return _IN_WORKSPACE.all(self._session, workspace=workspace)

    def groups(self, workspace: str) -> Sequence[str]:
        return _GROUPS.all(self._session, workspace=workspace)

    def is_active(self, person: int) -> bool:
        return self.account(person) is not None

    def find_again(self, account: Account, at: datetime) -> bool:
        row = self._session.get(AccountRow, (account.workspace, account.user))
        if row is None or row.active or (row.lost_at is not None and row.lost_at > at):
            return False
        row.active, row.lost_at, row.lost_why, row.seen_at = True, None, "", self._now
        self._session.flush()
        forget_known(self._session)
        return True

    def doubles(self) -> Sequence[Sequence[Person]]:
        found: dict[str, list[Person]] = {}
        for user, workspace, id in self._session.execute(_DOUBLES).all():
            if Account(workspace, user).is_worldwide:
                found.setdefault(user, []).append(self.person(id))
        same = ([p for n, p in enumerate(people) if p not in people[:n]] for people in found.values())
        return [people for people in same if len(people) > 1]

    def reach(self, people: Collection[int]) -> None:
        if people and _SHUT.first(self._session, ids=list(people)) is not None:
            _REACHED.run(self._session, ids=list(people))

    def log(self, person: int | None, cohort: int | None, act: str) -> None:
        """Writes an act to the audit log."""
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
        for day, _, purpose, workspace, channel, lost_at in _CHANNELS_AND_HOLIDAYS.all(self._session, cohort=id):
            if day is None:
                channels.append(Channel(purpose, Place(workspace, channel), lost_at))
            else:
                off.add(day)
        return Cohort(
            id, code, title, course_text, zone, starts_on, tuple(channels), ended_at, frozenset(off), cut_short
        )


def _membership(cohort: int, person: int, role: str, joined_at: datetime) -> Membership:
    return Membership(cohort, person, Role(role), joined_at)


# Compiled once: these run for every event.
_PERSON = Mapper(Person, PersonRow)
_people = sa.select(*_PERSON.selected)
_PEOPLE = _PERSON.query(among(PersonRow.id, "ids"))
_NAMED = Query(select(PersonRow.name).where(among(PersonRow.name, "names")))
_ended_at = select(CohortRow.ended_at).where(CohortRow.id == MembershipRow.cohort).scalar_subquery()
_is_there = (
    sa.exists()
    .where(
        col(AccountRow.person) == MembershipRow.person,
        sa.or_(col(AccountRow.active), col(AccountRow.lost_at) > _ended_at),
    )
    .correlate(MembershipRow)
)
"""Whether somebody has an active account; of a cohort that has ended, whether they had one until then."""
_MEMBERS = Query(
    _people.join(MembershipRow, col(MembershipRow.person) == PersonRow.id)
    .where(
        *given(MembershipRow.cohort),
        among(MembershipRow.role, "roles"),
        col(MembershipRow.left_at).is_(None),
        _is_there,
    )
    .order_by(col(MembershipRow.id))
).into(Person)
_this_account = given(AccountRow.workspace, AccountRow.user)
_OWNER = Query(
    sa.select(col(AccountRow.seen_at), col(AccountRow.active), *_PERSON.selected)
    .join(PersonRow, col(PersonRow.id) == AccountRow.person)
    .where(*_this_account)
)
_RENAME = Change(sa.update(PersonRow).where(*given(PersonRow.id)).values(name=bindparam("new_name")))
_FORMER = Query(
    select(FormerNameRow.person, FormerNameRow.name)
    .where(among(FormerNameRow.person, "people"), col(FormerNameRow.until) > bindparam("since", type_=Utc))
    .order_by(col(FormerNameRow.until).desc())
)
_SEEN = Change(sa.update(AccountRow).where(*_this_account).values(seen_at=bindparam("at")))
_ACCOUNTS = Query(
    select(AccountRow.person, AccountRow.workspace, AccountRow.user, AccountRow.seen_at).where(
        among(AccountRow.person, "ids"), AccountRow.active
    )
)
_of_people = (
    select(MembershipRow.cohort, MembershipRow.person, MembershipRow.role, MembershipRow.joined_at)
    .join(CohortRow, col(CohortRow.id) == MembershipRow.cohort)
    .where(among(MembershipRow.person, "ids"), col(MembershipRow.left_at).is_(None))
)
_runs, _ended = col(CohortRow.ended_at).is_(None), col(CohortRow.ended_at).is_not(None)
_MEMBERSHIPS = Query(_of_people.where(_runs).order_by(col(MembershipRow.id))).into(_membership)
_MEMBERSHIPS_ENDED = Query(
    _of_people.where(_ended).order_by(col(CohortRow.ended_at).desc(), col(MembershipRow.cohort), col(MembershipRow.id))
).into(_membership)
_cohorts = sa.select(
    col(CohortRow.id),
    col(CohortRow.code),
    col(CohortRow.title),
    col(CohortRow.course_text),
    col(CohortRow.zone),
    col(CohortRow.starts_on),
    col(CohortRow.ended_at),
    col(CohortRow.cut_short),
)
_COHORT = Query(_cohorts.where(*given(CohortRow.id)))
_COHORTS = Query(_cohorts.where(_runs).order_by(col(CohortRow.id)))
_ENDED_COHORTS = Query(_cohorts.where(_ended).order_by(col(CohortRow.id)))
_no_day, _never = sa.cast(sa.null(), sa.Date).label("day"), sa.cast(sa.null(), Utc)
# One statement for both: nearly every unit of work reads a cohort.
_CHANNELS_AND_HOLIDAYS: Query[Any] = Query(
    sa.union_all(
        sa.select(
            _no_day,
            col(ChannelRow.position),
            col(ChannelRow.purpose),
            col(ChannelRow.workspace),
            col(ChannelRow.channel),
            col(ChannelRow.lost_at),
        ).where(*given(ChannelRow.cohort)),
        sa.select(col(HolidayRow.day), sa.literal(0), sa.literal(""), sa.literal(""), sa.literal(""), _never).where(
            *given(HolidayRow.cohort)
        ),
    ).order_by("position")
)
_CHANNEL = Query(select(ChannelRow.cohort, ChannelRow.purpose).where(*given(ChannelRow.workspace, ChannelRow.channel)))
_cursor = sa.and_(col(CursorRow.workspace) == ChannelRow.workspace, col(CursorRow.channel) == ChannelRow.channel)
_WATCHED = Query(
    sa.union(
        sa.select(col(ChannelRow.channel), sa.false().label("direct"), col(CursorRow.message), col(ChannelRow.lost_why))
        .join(CohortRow, col(CohortRow.id) == ChannelRow.cohort)
        .outerjoin(CursorRow, _cursor)
        .where(*given(ChannelRow.workspace), _runs),
        sa.select(col(CursorRow.channel), sa.true(), col(CursorRow.message), sa.literal("")).where(
            *given(CursorRow.workspace), col(CursorRow.direct)
        ),
    ).order_by("channel")
)
_IN_WORKSPACE = Query(select(AccountRow.user).where(*given(AccountRow.workspace), AccountRow.active))
_GROUPS = Query(
    select(GroupRoleRow.group_id)
    .distinct()
    .join(CohortRow, col(CohortRow.id) == GroupRoleRow.cohort)
    .where(*given(GroupRoleRow.workspace), _runs)
    .order_by(col(GroupRoleRow.group_id))
)
_is_learner = sa.and_(
    *given(MembershipRow.cohort),
    col(MembershipRow.role) == Role.LEARNER.value,
    col(MembershipRow.left_at).is_(None),
    _is_there,
)
_JOINED = Query(select(MembershipRow.person, MembershipRow.joined_at).where(_is_learner), person=MembershipRow.person)
_FIRST_JOINED = Query(
    select(MembershipRow.person, MembershipRow.first_joined_at).where(_is_learner), person=MembershipRow.person
)
_EVER_JOINED = Query(
    select(MembershipRow.person, MembershipRow.joined_at).where(
        *given(MembershipRow.cohort), MembershipRow.role == Role.LEARNER.value
    ),
    person=MembershipRow.person,
)
_of_two = (
    select(AccountRow.user).group_by(AccountRow.user).having(sa.func.count(sa.distinct(col(AccountRow.person))) > 1)
)
_DOUBLES = (
    select(AccountRow.user, AccountRow.workspace, AccountRow.person)
    .where(col(AccountRow.user).in_(_of_two))
    .order_by(AccountRow.user, col(AccountRow.person))
)
_shut = (among(AccountRow.person, "ids"), col(AccountRow.active), col(AccountRow.lost_why) != "")
_SHUT = Query(select(AccountRow.person).where(*_shut))
_REACHED = Change(sa.update(AccountRow).where(*_shut).values(lost_at=None, lost_why=""))
_AWAY = Query(
    select(AbsenceRow.person).where(
        *given(AbsenceRow.cohort),
        AbsenceRow.starts_at <= bindparam("at", type_=Utc),
        sa.or_(col(AbsenceRow.ends_at).is_(None), col(AbsenceRow.ends_at) > bindparam("at", type_=Utc)),
    )
)
_was_there = (
    sa.exists()
    .where(
        col(AccountRow.person) == MembershipRow.person,
        sa.or_(
            col(AccountRow.active),
            col(AccountRow.lost_at) > _ended_at,
            col(AccountRow.lost_at) > bindparam("until", type_=Utc),
        ),
    )
    .correlate(MembershipRow)
)
"""Whether somebody had an active account at the end of a span."""
_EXPECTED = Query(
    select(MembershipRow.person).where(
        *given(MembershipRow.cohort),
        MembershipRow.role == Role.LEARNER.value,
        sa.or_(col(MembershipRow.left_at).is_(None), col(MembershipRow.left_at) > bindparam("until", type_=Utc)),
        _was_there,
        MembershipRow.joined_at <= bindparam("until", type_=Utc),
        ~sa.exists().where(
            col(AbsenceRow.cohort) == MembershipRow.cohort,
            col(AbsenceRow.person) == MembershipRow.person,
            col(AbsenceRow.starts_at) < bindparam("last_day", type_=Utc),
            sa.or_(col(AbsenceRow.ends_at).is_(None), col(AbsenceRow.ends_at) > bindparam("second_day", type_=Utc)),
        ),
    )
)


def _key(account: Account) -> dict[str, object]:
    return {"workspace": account.workspace, "user": account.user}
