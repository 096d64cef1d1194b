"""The week card: which card was handed out to whom, and what it says."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from bot.features.weekcard.states import Work
from storage import bulk
from storage.milestones import MilestoneWindowRow, MoveRow, SubmissionRow
from storage.outbox import OutboxRow, RefRow
from storage.people import MembershipRow
from storage.schema import instant


class WeekcardRow(SQLModel, table=True):
    """The card of a week for one learner, or (person 0) the post for the cohort, as it was last shown."""

    __tablename__ = "weekcards"
    cohort: int = Field(foreign_key="cohorts.id", primary_key=True)
    week: int = Field(primary_key=True)
    person: int = Field(primary_key=True)
    shown_at: datetime = instant()
    fingerprint: str


class Weekcards:
    """The `WeekcardStore` of bot/features/weekcard, over tables."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def prints(self, cohort: int, week: int, people: Collection[int] | None = None) -> Mapping[int, str]:
        query = select(WeekcardRow.person, WeekcardRow.fingerprint).where(
            WeekcardRow.cohort == cohort, WeekcardRow.week == week
        )
        return dict(bulk.about(self._session, query, WeekcardRow, people))

    def weeks(self, cohort: int) -> Sequence[int]:
        query = select(WeekcardRow.week).where(WeekcardRow.cohort == cohort).distinct()
        return sorted(self._session.exec(query))

    def keep(self, cohort: int, week: int, prints: Mapping[int, str]) -> None:
        rows = (
            {"cohort": cohort, "week": week, "person": person, "shown_at": self._now, "fingerprint": fingerprint}
            for person, fingerprint in prints.items()
        )
        bulk.put(self._session, WeekcardRow, rows, ("cohort", "week", "person"), ("shown_at", "fingerprint"))

    def had_one(self, cohort: int, before: int, people: Collection[int]) -> set[int]:
        query = select(WeekcardRow.person).where(WeekcardRow.cohort == cohort, WeekcardRow.week < before)
        return set(bulk.about(self._session, query, WeekcardRow, people))

    def said(self, anchors: Collection[str]) -> set[str]:
        found: set[str] = set()
        for some in bulk.parts(anchors):
            on_the_way = select(OutboxRow.anchor).where(
                col(OutboxRow.anchor).in_(some), col(OutboxRow.state).in_(("waiting", "held", "sending"))
            )
            found.update(self._session.exec(select(RefRow.anchor).where(col(RefRow.anchor).in_(some))))
            found.update(self._session.exec(on_the_way))
        return found

    def joined(self, cohort: int, after: datetime, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        query = select(MembershipRow.person, MembershipRow.joined_at).where(
            MembershipRow.cohort == cohort,
            MembershipRow.role == "learner",
            col(MembershipRow.left_at).is_(None),
            MembershipRow.joined_at > after,
        )
        return dict(bulk.about(self._session, query, MembershipRow, people))

    def works(
        self, cohort: int, milestones: Collection[str], people: Collection[int] | None = None
    ) -> Mapping[tuple[str, int], Work]:
        windows = select(
            MilestoneWindowRow.milestone,
            MilestoneWindowRow.person,
            MilestoneWindowRow.due_at,
            MilestoneWindowRow.optional,
        ).where(MilestoneWindowRow.cohort == cohort, col(MilestoneWindowRow.milestone).in_(milestones))
        handed_in = select(SubmissionRow.milestone, SubmissionRow.person).where(
            SubmissionRow.cohort == cohort,
            col(SubmissionRow.milestone).in_(milestones),
            col(SubmissionRow.deleted_at).is_(None),
        )
        done = set(bulk.about(self._session, handed_in, SubmissionRow, people))
        return {
            (milestone, person): Work(milestone, due_at, optional, (milestone, person) in done)
            for milestone, person, due_at, optional in bulk.about(self._session, windows, MilestoneWindowRow, people)
        }

    def common_due(self, cohort: int, milestones: Collection[str]) -> Mapping[str, datetime]:
        query = (
            select(MilestoneWindowRow.milestone, MilestoneWindowRow.due_at)
            .where(
                MilestoneWindowRow.cohort == cohort,
                col(MilestoneWindowRow.milestone).in_(milestones),
                ~col(MilestoneWindowRow.optional),
            )
            .group_by(col(MilestoneWindowRow.milestone), col(MilestoneWindowRow.due_at))
            # What most have comes last, and stays; of two that as many have, the earlier.
            .order_by(func.count(), col(MilestoneWindowRow.due_at).desc())
        )
        return dict(self._session.exec(query).all())

    def moved(self, cohort: int) -> Mapping[str, int]:
        query = select(MoveRow.milestone, MoveRow.days).where(MoveRow.cohort == cohort, MoveRow.person == 0)
        return dict(self._session.exec(query).all())
