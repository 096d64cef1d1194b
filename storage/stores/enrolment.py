"""The store of enrolment writes cohorts, channels, memberships and settings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from random import Random, SystemRandom

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.core.people import Account, Place, Role
from bot.features.enrolment.rules import PURPOSES
from bot.features.enrolment.store import GroupRole, LoggedAct
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.statements import Query
from storage.sql.store import Store
from storage.tables.people import (
    AccountRow,
    AuditRow,
    ChannelRow,
    CohortRow,
    FormerNameRow,
    GroupRoleRow,
    LinkCodeRow,
    MembershipRow,
    PersonRow,
    forget_known,
    set_holidays,
)

_GROUP_ROLE = Mapper(GroupRole, GroupRoleRow, group=lambda row: row.group_id, role=lambda row: Role(row.role))
_another = aliased(AccountRow)
_UNREACHED = Query(
    sa.select(col(AccountRow.person), col(AccountRow.lost_at), col(AccountRow.lost_why))
    .join(MembershipRow, col(MembershipRow.person) == AccountRow.person)
    .where(
        *given(MembershipRow.cohort),
        col(MembershipRow.role) == Role.LEARNER.value,
        col(MembershipRow.left_at).is_(None),
        col(AccountRow.lost_at).is_not(None),
        ~sa.exists().where(
            col(_another.person) == AccountRow.person, col(_another.active), col(_another.lost_at).is_(None)
        ),
    )
    .order_by(col(AccountRow.lost_at))
)


class SqlEnrolment(Store):
    """The store of bot/features/enrolment: the only writer of cohorts, channels, memberships and settings."""

    def __init__(self, session: Session, now: datetime, chance: Random | None = None) -> None:
        """`chance` is the source of randomness for join codes; defaults to a secure one."""
        super().__init__(session, now)
        self._chance = chance or SystemRandom()

    def _written(self) -> None:
        """Call this after each write, so that the unit of work reads the rows again."""
        self._session.flush()
        forget_known(self._session)

    def choose(self, letters: Sequence[str]) -> str:
        return self._chance.choice(letters)

    def create_cohort(self, code: str, title: str, course_text: str, zone: str, starts_on: date, join_code: str) -> int:
        row = CohortRow(
            code=code, title=title, course_text=course_text, zone=zone, starts_on=starts_on, join_code=join_code
        )
        return self._add(row).id

    def bind_channel(self, cohort: int, purpose: str, place: Place, position: int | None = None) -> Place | None:
        earlier = select(ChannelRow).where(
            ChannelRow.cohort == cohort, ChannelRow.workspace == place.workspace, ChannelRow.purpose == purpose
        )
        replaced = None
        for row in self._session.exec(earlier).all():
            if row.channel != place.channel:
                replaced = Place(row.workspace, row.channel)
                self._session.delete(row)
        if position is None:
            position = PURPOSES.index(purpose)
        self._session.merge(
            ChannelRow(
                workspace=place.workspace, channel=place.channel, cohort=cohort, purpose=purpose, position=position
            )
        )
        self._written()
        return replaced

    def free_channel(self, place: Place) -> None:
        row = self._session.get(ChannelRow, (place.workspace, place.channel))
        if row is not None:
            self._session.delete(row)
            self._written()

    def lost(self, cohort: int) -> Mapping[Place, str]:
        rows = self._session.exec(select(ChannelRow).where(ChannelRow.cohort == cohort)).all()
        return {Place(r.workspace, r.channel): r.lost_why for r in rows if r.lost_at is not None}

    def lose_channel(self, place: Place, why: str, guessed: bool = False) -> bool:
        row = self._session.get(ChannelRow, (place.workspace, place.channel))
        if row is None or (row.lost_at is not None and (guessed or row.lost_why == why)):
            return False
        row.lost_at, row.lost_why = row.lost_at or self._now, why
        self._written()
        return True

    def find_channel(self, place: Place, why: str | None = None) -> bool:
        row = self._session.get(ChannelRow, (place.workspace, place.channel))
        if row is None or row.lost_at is None or why not in (None, row.lost_why):
            return False
        row.lost_at, row.lost_why = None, ""
        self._written()
        return True

    def roles_of_groups(self, workspace: str) -> Sequence[GroupRole]:
        """The groups of a workspace that give a role in a running cohort."""
        query = (
            select(GroupRoleRow)
            .join(CohortRow, col(CohortRow.id) == col(GroupRoleRow.cohort))
            .where(GroupRoleRow.workspace == workspace, col(CohortRow.ended_at).is_(None))
        )
        return self._values(_GROUP_ROLE, query)

    def groups_of(self, cohort: int) -> Sequence[GroupRole]:
        query = select(GroupRoleRow).where(GroupRoleRow.cohort == cohort).order_by(col(GroupRoleRow.name))
        return self._values(_GROUP_ROLE, query)

    def bind_group(self, bound: GroupRole) -> None:
        columns = _GROUP_ROLE.columns(bound) | {"group_id": bound.group, "role": bound.role.value}
        self._put(GroupRoleRow(**columns))

    def unbind_group(self, cohort: int, workspace: str, group: str) -> None:
        row = GroupRoleRow
        self._delete(row, row.workspace == workspace, row.group_id == group, row.cohort == cohort)

    def through(self, cohort: int, group: str) -> Sequence[int]:
        """The members who got their role from the group."""
        query = select(MembershipRow.person).where(
            MembershipRow.cohort == cohort, MembershipRow.through == group, col(MembershipRow.left_at).is_(None)
        )
        return list(dict.fromkeys(self._session.exec(query)))

    def roles_through(self, cohort: int, person: int, group: str) -> Sequence[Role]:
        query = select(MembershipRow.role).where(
            MembershipRow.cohort == cohort,
            MembershipRow.person == person,
            MembershipRow.through == group,
            col(MembershipRow.left_at).is_(None),
        )
        return [Role(role) for role in self._session.exec(query)]

    def may_return(self, cohort: int, person: int, role: Role, through: str) -> bool:
        """Whether a group may give a person a role: they never had it, or lost it with that group."""
        query = select(MembershipRow.through).where(
            MembershipRow.cohort == cohort, MembershipRow.person == person, MembershipRow.role == role.value
        )
        before = self._session.exec(query).first()
        return before is None or before == through

    def acts(self, cohort: int, before: int | None, limit: int) -> Sequence[LoggedAct]:
        """Privileged acts in a cohort, newest first; with `before`, only those before the act with that number."""
        query = (
            select(AuditRow, PersonRow.name)
            .outerjoin(PersonRow, col(PersonRow.id) == col(AuditRow.person))
            .where(AuditRow.cohort == cohort)
            .order_by(col(AuditRow.id).desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(col(AuditRow.id) < before)
        return [LoggedAct(row.id, row.at, name, row.act) for row, name in self._session.exec(query)]

    def set_holidays(self, cohort: int, days: Mapping[date, str]) -> None:
        set_holidays(self._session, cohort, days)

    def cohort_by_join_code(self, join_code: str) -> int | None:
        query = select(CohortRow.id).where(CohortRow.join_code == join_code.upper(), col(CohortRow.ended_at).is_(None))
        return self._session.exec(query).first()

    def cohort_by_code(self, code: str) -> int | None:
        return self._session.exec(select(CohortRow.id).where(CohortRow.code == code)).first()

    def workspaces(self) -> Sequence[str]:
        """Workspaces in which a person has an account or a cohort has a channel."""
        accounts = self._session.exec(select(AccountRow.workspace).distinct()).all()
        return sorted({*accounts, *self._session.exec(select(ChannelRow.workspace).distinct())})

    def join_code(self, cohort: int) -> str:
        return self._session.exec(select(CohortRow.join_code).where(CohortRow.id == cohort)).one()

    def add_member(self, cohort: int, person: int, role: Role, through: str = "") -> bool:
        """Makes a person a member, `through` a group or by hand; False if they already have this role."""
        query = select(MembershipRow).where(
            MembershipRow.cohort == cohort, MembershipRow.person == person, MembershipRow.role == role.value
        )
        row = self._session.exec(query).first()
        if row is not None and row.left_at is None:
            return False
        if row is None:
            row = MembershipRow(
                cohort=cohort,
                person=person,
                role=role.value,
                joined_at=self._now,
                first_joined_at=self._now,
                through=through,
            )
        else:
            row.left_at, row.joined_at, row.through = None, self._now, through
        self._session.add(row)
        self._written()
        return True

    def has_left(self, cohort: int, person: int) -> bool:
        """Whether a person was a member and has left."""
        query = select(MembershipRow.left_at).where(MembershipRow.cohort == cohort, MembershipRow.person == person)
        left = self._session.exec(query).all()
        return bool(left) and all(at is not None for at in left)

    def end_membership(self, cohort: int, person: int, role: Role | None = None, by_group: bool = False) -> None:
        """Ends a person's membership (in one role, or in all of them). `by_group`: the group that gave it is gone, and
        may give it again."""
        row = MembershipRow
        mine = [row.cohort == cohort, row.person == person, col(row.left_at).is_(None)]
        if role is not None:
            mine.append(row.role == role.value)
        self._update(row, *mine, left_at=self._now, **({} if by_group else {"through": ""}))
        self._written()

    def came_and_went(self, cohort: int, since: datetime) -> tuple[int, int]:
        row = MembershipRow
        learners = (row.cohort == cohort, row.role == Role.LEARNER.value)
        joined = self._count(*learners, row.joined_at >= since, col(row.left_at).is_(None))
        left = self._count(*learners, col(row.left_at) >= since)
        return joined, left

    def set_zone(self, person: int, zone: str, picked: bool = True) -> None:
        row = self._session.get_one(PersonRow, person)
        row.zone, row.picked_zone = zone, picked
        self._written()

    def assume_zone(self, person: int, zone: str) -> bool:
        """Sets a zone that the person did not pick; False if they picked one, or have this one already."""
        row = self._session.get_one(PersonRow, person)
        if row.picked_zone or row.zone == zone:
            return False
        row.zone = zone
        self._written()
        return True

    def set_hour(self, person: int, hour: int) -> None:
        self._session.get_one(PersonRow, person).hour = hour
        self._written()

    def set_active(self, account: Account, active: bool, why: str = "") -> None:
        row = self._session.get(AccountRow, (account.workspace, account.user))
        # Of one that takes no messages only a message that arrives shows that it takes them again.
        if row is None or (row.active == active and why in ("", row.lost_why)):
            return
        is_new = why != "" or not active
        row.active, row.lost_why, row.lost_at = active, why, (row.lost_at or self._now) if is_new else None
        self._written()

    def unreached(self, cohort: int) -> Sequence[tuple[int, datetime, str]]:
        found = _UNREACHED.all(self._session, cohort=cohort)
        return [(person, at, why) for person, at, why in found if at is not None]

    def offer_link(self, person: int, code: str, until: datetime) -> None:
        """Stores a code that links another account to this person."""
        self._delete(LinkCodeRow, col(LinkCodeRow.person) == person)
        self._session.add(LinkCodeRow(code=code, person=person, until=until))

    def take_link(self, code: str) -> int | None:
        """Uses up a link code and returns its person; None if there is no valid one."""
        row = self._session.get(LinkCodeRow, code)
        if row is None:
            return None
        self._session.delete(row)
        return row.person if row.until > self._now else None

    def link_account(self, account: Account, person: int, name: str) -> None:
        row = self._session.get_one(AccountRow, (account.workspace, account.user))
        row.person = person
        self._session.merge(FormerNameRow(person=person, name=name, until=self._now))
        self._written()
