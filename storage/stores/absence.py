"""The store of absence, over its own tables and those of other features."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from bot.features.absence.store import Absence, Silence, Window
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.statements import Put, Query
from storage.sql.store import Store
from storage.tables.absence import AbsenceRow, HeardRow, InterestRow, SilenceRow, gone
from storage.tables.milestones import MilestoneWindowRow, MoveRow, SubmissionRow
from storage.tables.people import MembershipRow, PersonRow

# One query is enough for a person who was heard today and is not silent, which is nearly always the case.
_HEARD = Query(
    select(col(HeardRow.until), col(HeardRow.public_until), col(SilenceRow.cohort), col(SilenceRow.since))
    .select_from(PersonRow)
    .outerjoin(HeardRow, col(HeardRow.person) == PersonRow.id)
    .outerjoin(SilenceRow, col(SilenceRow.person) == PersonRow.id)
    .where(*given(PersonRow.id))
)
_HEAR = Put(HeardRow, ("person",), ("until",))
_HEAR_IN_PUBLIC = Put(HeardRow, ("person",), ("until", "public_until"))
_WINDOWS = Query(
    select(
        col(MilestoneWindowRow.milestone),
        col(MilestoneWindowRow.person),
        col(MilestoneWindowRow.opens_at),
        col(MilestoneWindowRow.due_at),
        col(MilestoneWindowRow.closes_at),
        col(MilestoneWindowRow.optional),
        col(SubmissionRow.id).is_not(None),
        func.coalesce(col(MoveRow.days), 0),
        col(MilestoneWindowRow.asked_until),
    )
    .outerjoin(
        SubmissionRow,
        (col(SubmissionRow.cohort) == MilestoneWindowRow.cohort)
        & (col(SubmissionRow.milestone) == MilestoneWindowRow.milestone)
        & (col(SubmissionRow.person) == MilestoneWindowRow.person)
        & col(SubmissionRow.deleted_at).is_(None),
    )
    .outerjoin(
        MoveRow,
        (col(MoveRow.cohort) == MilestoneWindowRow.cohort)
        & (col(MoveRow.milestone) == MilestoneWindowRow.milestone)
        & (col(MoveRow.person) == MilestoneWindowRow.person),
    )
    .where(*given(MilestoneWindowRow.cohort)),
    person=MilestoneWindowRow.person,
).into(Window)
_ABSENCE = Mapper(Absence, AbsenceRow)
# Absences that were not ended with a welcome back, soonest first.
_open, _soonest = (*given(AbsenceRow.cohort), col(AbsenceRow.back_at).is_(None)), (AbsenceRow.starts_at, AbsenceRow.id)
_ABSENCES = _ABSENCE.query(*_open, order_by=_soonest)
_WELCOMED = Query(
    select(col(AbsenceRow.id), col(AbsenceRow.person)).where(
        *given(AbsenceRow.cohort), col(AbsenceRow.back_at).is_not(None)
    ),
    person=AbsenceRow.person,
)
_OWN = _ABSENCE.query(*_open, *given(AbsenceRow.person), order_by=_soonest)
_ENDED = _ABSENCE.query(
    *given(AbsenceRow.cohort),
    col(AbsenceRow.ends_at) > bindparam("since"),
    col(AbsenceRow.ends_at) <= bindparam("now"),
    order_by=(AbsenceRow.ends_at,),
)
_RETURNED = Query(
    select(col(AbsenceRow.person), func.max(AbsenceRow.ends_at))
    .where(*given(AbsenceRow.cohort), col(AbsenceRow.ends_at) <= bindparam("now"))
    .group_by(col(AbsenceRow.person))
)
_SILENCES = Mapper(Silence, SilenceRow).query(*given(SilenceRow.cohort), order_by=(col(SilenceRow.person),))
_members = select(col(MembershipRow.person)).where(*given(MembershipRow.cohort))
_HEARD_UNTIL, _HEARD_IN_PUBLIC_UNTIL = (
    Query(select(col(HeardRow.person), until).where(col(HeardRow.person).in_(_members), until.is_not(None)))
    for until in (col(HeardRow.until), col(HeardRow.public_until))
)


class SqlAbsences(Store):
    """The `AbsenceStore` of bot/features/absence, over tables."""

    # Away

    def add(self, absence: Absence) -> Absence:
        return _ABSENCE.read(self._add(AbsenceRow(**_ABSENCE.columns(absence))))

    def keep(self, absence: Absence) -> None:
        self._change(AbsenceRow, absence.id, **_ABSENCE.columns(absence))

    def drop(self, absence: int) -> None:
        self._delete(AbsenceRow, col(AbsenceRow.id) == absence)

    def absence(self, absence: int) -> Absence | None:
        return self._get(_ABSENCE, absence)

    def own(self, cohort: int, person: int) -> Sequence[Absence]:
        return _OWN.all(self._session, cohort=cohort, person=person)

    def absences(self, cohort: int) -> Mapping[int, Sequence[Absence]]:
        found: dict[int, list[Absence]] = {}
        for absence in _ABSENCES.all(self._session, cohort=cohort):
            found.setdefault(absence.person, []).append(absence)
        return found

    def returned(self, cohort: int) -> Mapping[int, datetime]:
        return _instants(_RETURNED.all(self._session, cohort=cohort, now=self._now))

    def ended(self, cohort: int, since: datetime) -> Sequence[Absence]:
        return _ENDED.all(self._session, cohort=cohort, since=since, now=self._now)

    def welcomed(self, cohort: int, people: Collection[int] | None) -> Mapping[int, int]:
        return dict(_WELCOMED.about(self._session, people, cohort=cohort))

    def gone(self, cohort: int) -> frozenset[int]:
        return gone(self._session, cohort, self._now)

    # Tables of other features

    def windows(self, cohort: int, people: Collection[int]) -> Sequence[Window]:
        found = _WINDOWS.about(self._session, people, cohort=cohort)
        return sorted(found, key=lambda w: (w.due_at, w.milestone, w.person))

    def heard(self, cohort: int) -> Mapping[int, datetime]:
        return _instants(_HEARD_UNTIL.all(self._session, cohort=cohort))

    def heard_in_public(self, cohort: int) -> Mapping[int, datetime]:
        return _instants(_HEARD_IN_PUBLIC_UNTIL.all(self._session, cohort=cohort))

    # Silence

    def hear(self, person: int, in_public: bool) -> Sequence[Silence]:
        found = _HEARD.all(self._session, id=person)
        until, public_until = found[0][:2] if found else (None, None)
        last = public_until if in_public else until
        if last is None or last <= self._now:
            tomorrow = self._now.date() + timedelta(days=1)
            ends = datetime.combine(tomorrow, time(0), self._now.tzinfo)
            if in_public:
                _HEAR_IN_PUBLIC.rows(self._session, [{"person": person, "until": ends, "public_until": ends}])
            else:
                _HEAR.rows(self._session, [{"person": person, "until": ends}])
        silences = [Silence(cohort, person, since) for _, _, cohort, since in found if cohort is not None]
        if silences:
            self._delete(SilenceRow, col(SilenceRow.person) == person)
        return silences

    def fall_silent(self, silences: Sequence[Silence]) -> None:
        self._session.add_all(SilenceRow(cohort=s.cohort, person=s.person, since=s.since) for s in silences)
        self._session.flush()

    def silences(self, cohort: int) -> Sequence[Silence]:
        return _SILENCES.all(self._session, cohort=cohort)

    def end_silence(self, silence: Silence) -> None:
        mine = (col(SilenceRow.cohort) == silence.cohort, col(SilenceRow.person) == silence.person)
        self._delete(SilenceRow, *mine)

    def note_interest(self, cohort: int, person: int) -> bool:
        if self._session.get(InterestRow, (cohort, person)) is not None:
            return False
        self._add(InterestRow(cohort=cohort, person=person, at=self._now))
        return True

    def forget(self, cohort: int, person: int) -> None:
        mine = (col(AbsenceRow.cohort) == cohort, col(AbsenceRow.person) == person, col(AbsenceRow.back_at).is_(None))
        self._update(AbsenceRow, *mine, back_at=self._now, ends_at=self._now)
        self._delete(SilenceRow, col(SilenceRow.cohort) == cohort, col(SilenceRow.person) == person)


def _instants(found: Sequence[tuple[int, datetime | None]]) -> Mapping[int, datetime]:
    return {person: at for person, at in found if at is not None}
