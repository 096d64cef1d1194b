"""Completion: certificates, and who got their final card."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random, SystemRandom

from sqlmodel import Session, col, select

from bot.features.completion.store import Certificate, Points
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.statements import Put, Query
from storage.sql.store import Store
from storage.tables.completion import CertificateRow, CodeTryRow, FinalCardRow, ProgressPointRow
from storage.tables.people import AccountRow, MembershipRow, change_cohort

TRIES_KEPT = timedelta(days=1)

# Compiled once: these run for nearly everything that learners do.
_TELL = Put(FinalCardRow, ("cohort", "person"), ("at",))
_TOLD = Query(select(FinalCardRow.person).where(*given(FinalCardRow.cohort)), person=FinalCardRow.person)

_CERTIFICATE = Mapper(Certificate, CertificateRow)
_CERTIFICATES = _CERTIFICATE.query(*given(CertificateRow.cohort), person=CertificateRow.person)


class SqlCompletion(Store):
    """The `CompletionStore` of bot/features/completion, over tables."""

    def __init__(self, session: Session, now: datetime, chance: Random | None = None) -> None:
        """`chance` is the source of randomness for certificate codes; defaults to a secure one."""
        super().__init__(session, now)
        self._chance = chance or SystemRandom()

    # Final cards and certificates

    def told(self, cohort: int, people: Collection[int] | None = None) -> frozenset[int]:
        return frozenset(_TOLD.about(self._session, people, cohort=cohort))

    def tell(self, cohort: int, people: Collection[int]) -> None:
        rows = [{"cohort": cohort, "person": p, "at": self._now} for p in people]
        _TELL.rows(self._session, rows)

    def untell(self, cohort: int, people: Collection[int]) -> None:
        self._delete(FinalCardRow, FinalCardRow.cohort == cohort, col(FinalCardRow.person).in_(people))

    def certificates(self, cohort: int, people: Collection[int]) -> Mapping[int, Certificate]:
        return {c.person: c for c in _CERTIFICATES.about(self._session, people, cohort=cohort)}

    def certificate(self, code: str) -> Certificate | None:
        return self._get(_CERTIFICATE, code)

    def issue(self, certificate: Certificate) -> None:
        self._add(CertificateRow(**_CERTIFICATE.columns(certificate)))

    def certificates_of(self, person: int) -> Sequence[Certificate]:
        query = select(CertificateRow).where(CertificateRow.person == person)
        return self._values(_CERTIFICATE, query.order_by(col(CertificateRow.issued_at).desc()))

    def show(self, code: str, at: datetime | None) -> None:
        self._change(CertificateRow, code, shown_at=at)

    def note_try(self, person: int) -> None:
        self._delete(CodeTryRow, col(CodeTryRow.at) <= self._now - TRIES_KEPT)
        self._add(CodeTryRow(person=person, at=self._now))

    def tries(self, person: int, since: datetime) -> int:
        return self._count(col(CodeTryRow.person) == person, col(CodeTryRow.at) > since)

    def choose(self, letters: Sequence[str]) -> str:
        return self._chance.choice(letters)

    # Progress

    def points(self, cohort: int) -> Points | None:
        rows = self._all(select(ProgressPointRow).where(ProgressPointRow.cohort == cohort))
        return Points(max(r.at for r in rows), {r.point: r.learners for r in rows}) if rows else None

    def count(self, cohort: int, points: Points) -> None:
        self._delete(ProgressPointRow, ProgressPointRow.cohort == cohort)
        for point, learners in points.learners.items():
            self._add(ProgressPointRow(cohort=cohort, point=point, learners=learners, at=points.at))

    # The end of a cohort

    def end_cohort(self, cohort: int, cut_short: bool = False) -> None:
        change_cohort(self._session, cohort, ended_at=self._now, cut_short=cut_short)

    def reopen_cohort(self, cohort: int) -> None:
        change_cohort(self._session, cohort, ended_at=None, cut_short=False)

    def accounts(self, cohort: int, workspace: str | None) -> Mapping[int, str]:
        members = select(MembershipRow.person).where(MembershipRow.cohort == cohort)
        rows = self._session.exec(select(AccountRow).where(col(AccountRow.person).in_(members))).all()
        ranked = sorted(rows, key=lambda r: (r.workspace == workspace, r.seen_at, r.user))
        return {r.person: r.user for r in ranked}
