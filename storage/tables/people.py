"""People, accounts, cohorts, channels, memberships and the audit log; and a session's cache of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import UniqueConstraint, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.people import Cohort, Membership, Person
from storage.sql.schema import instant, maybe_instant, number

FORMER_FOR = timedelta(days=180)
"""How long somebody is still known by a name that they had."""


class PersonRow(SQLModel, table=True):
    __tablename__ = "people"
    id: int = number()
    name: str = Field(index=True)
    zone: str
    picked_zone: bool = False
    hour: int = 9
    met_at: datetime = instant()


class FormerNameRow(SQLModel, table=True):
    """A name that somebody had until they were met under another one."""

    __tablename__ = "former_names"
    person: int = Field(foreign_key="people.id", primary_key=True)
    name: str = Field(primary_key=True)
    until: datetime = instant()


class AccountRow(SQLModel, table=True):
    __tablename__ = "accounts"
    workspace: str = Field(primary_key=True)
    user: str = Field(primary_key=True, index=True)
    person: int = Field(foreign_key="people.id", index=True)
    active: bool = True
    seen_at: datetime = instant()
    lost_at: datetime | None = maybe_instant()
    """Since when no message reaches it; None: as far as we know they do."""
    lost_why: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why: see `AccountChanged`."""


class CohortRow(SQLModel, table=True):
    __tablename__ = "cohorts"
    id: int = number()
    code: str = Field(unique=True)
    title: str
    course_text: str
    zone: str
    starts_on: date
    join_code: str = Field(unique=True)
    ended_at: datetime | None = maybe_instant()
    cut_short: bool = False
    """See `Cohort`."""


class ChannelRow(SQLModel, table=True):
    __tablename__ = "channels"
    workspace: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id", index=True)
    purpose: str
    position: int = 0
    lost_at: datetime | None = maybe_instant()
    """When we lost access to it; None: we can write there."""
    lost_why: str = ""
    """What the managers were told about it."""


class HolidayRow(SQLModel, table=True):
    """A day on which a cohort's course pauses: a public holiday, or one of its own. `name` says which."""

    __tablename__ = "holidays"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    day: date = Field(primary_key=True)
    name: str


class MembershipRow(SQLModel, table=True):
    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("cohort", "person", "role"),)
    id: int = number()
    cohort: int = Field(foreign_key="cohorts.id")
    person: int = Field(foreign_key="people.id", index=True)
    role: str
    joined_at: datetime = instant()
    first_joined_at: datetime = instant()
    """It stays when somebody leaves and joins again."""
    left_at: datetime | None = maybe_instant()
    through: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The platform's group that gives the role; '' if it was given by hand."""


class GroupRoleRow(SQLModel, table=True):
    """A platform's group whose members have a role in a cohort."""

    __tablename__ = "group_roles"
    workspace: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    name: str
    role: str


class LinkCodeRow(SQLModel, table=True):
    """A code that links a second account to its person, valid once and for a short time."""

    __tablename__ = "link_codes"
    code: str = Field(primary_key=True)
    person: int = Field(foreign_key="people.id")
    until: datetime = instant()


class AuditRow(SQLModel, table=True):
    """A privileged act: who, when, what."""

    __tablename__ = "audit"
    id: int = number()
    at: datetime = instant()
    person: int | None = Field(default=None, foreign_key="people.id")
    cohort: int | None = Field(default=None, foreign_key="cohorts.id", index=True)
    act: str


@dataclass
class Known:
    """What a unit of work has read of people and cohorts. Valid until some of it is written."""

    people: dict[int, Person] = field(default_factory=dict)
    accounts: dict[int, list[tuple[str, str, datetime]]] = field(default_factory=dict)
    memberships: dict[int, list[Membership]] = field(default_factory=dict)
    cohorts: dict[int, Cohort | None] = field(default_factory=dict)


def known_in(session: Session) -> Known:
    if "known" not in session.info:
        session.info["known"] = Known()
    found: Known = session.info["known"]
    return found


def forget_known(session: Session) -> None:
    """Clears the cache. Call it after writing people, accounts, memberships, cohorts, their channels or holidays."""
    known = known_in(session)
    for read in (known.people, known.accounts, known.memberships, known.cohorts):
        read.clear()


def change_cohort(session: Session, cohort: int, **columns: object) -> None:
    """Updates columns of a cohort."""
    session.exec(update(CohortRow).where(col(CohortRow.id) == cohort).values(columns))
    forget_known(session)


def holidays(session: Session, cohort: int) -> Mapping[date, str]:
    """The cohort's holidays with their names, by day."""
    query = select(HolidayRow).where(HolidayRow.cohort == cohort).order_by(col(HolidayRow.day))
    return {r.day: r.name for r in session.exec(query)}


def set_holidays(session: Session, cohort: int, days: Mapping[date, str]) -> None:
    """Replaces the cohort's holidays."""
    session.exec(delete(HolidayRow).where(col(HolidayRow.cohort) == cohort))
    session.add_all(HolidayRow(cohort=cohort, day=day, name=name) for day, name in sorted(days.items()))
    session.flush()
    forget_known(session)
