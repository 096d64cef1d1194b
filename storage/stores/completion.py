"""Completion: certificates, and who got their final card."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from random import Random, SystemRandom

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.features.completion.store import Certificate
from storage.sql.clauses import given
from storage.sql.statements import Put, Query
from storage.tables.completion import CertificateRow, CodeTryRow, FinalCardRow
from storage.tables.people import AccountRow, MembershipRow, change_cohort

TRIES_KEPT = timedelta(days=1)


# Compiled once: these run for nearly everything that learners do.
_TELL = Put(FinalCardRow, ("cohort", "person"), ("at",))
_TOLD = Query(select(FinalCardRow.person).where(*given(FinalCardRow.cohort)), person=FinalCardRow.person)
_CERTIFICATES = Query(select(CertificateRow).where(*given(CertificateRow.cohort)), person=CertificateRow.person)


class SqlCompletion:
    """The `CompletionStore` of bot/features/completion, over tables."""

    def __init__(self, session: Session, now: datetime, chance: Random | None = None) -> None:
        """`chance` is the source of randomness for certificate codes; defaults to a secure one."""
        self._session = session
        self._now = now
        self._chance = chance or SystemRandom()

    # Final cards and certificates

    def told(self, cohort: int, people: Collection[int] | None = None) -> frozenset[int]:
        return frozenset(_TOLD.about(self._session, people, cohort=cohort))

    def tell(self, cohort: int, people: Collection[int]) -> None:
        rows = [{"cohort": cohort, "person": p, "at": self._now} for p in people]
        _TELL.rows(self._session, rows)

    def certificates(self, cohort: int, people: Collection[int]) -> Mapping[int, Certificate]:
        return {r.person: _certificate(r) for r in _CERTIFICATES.about(self._session, people, cohort=cohort)}

    def certificate(self, code: str) -> Certificate | None:
        row = self._session.get(CertificateRow, code)
        return _certificate(row) if row else None

    def issue(self, certificate: Certificate) -> None:
        c = certificate
        self._session.add(
            CertificateRow(
                code=c.code,
                cohort=c.cohort,
                person=c.person,
                name=c.name,
                course=c.course,
                issued_at=c.issued_at,
                started_on=c.started_on,
                ended_on=c.ended_on,
            )
        )
        self._session.flush()

    def certificates_of(self, person: int) -> Sequence[Certificate]:
        query = select(CertificateRow).where(CertificateRow.person == person)
        return [_certificate(row) for row in self._session.exec(query.order_by(col(CertificateRow.issued_at).desc()))]

    def show(self, code: str, at: datetime | None) -> None:
        self._session.get_one(CertificateRow, code).shown_at = at
        self._session.flush()

    def note_try(self, person: int) -> None:
        self._session.exec(delete(CodeTryRow).where(col(CodeTryRow.at) <= self._now - TRIES_KEPT))
        self._session.add(CodeTryRow(person=person, at=self._now))
        self._session.flush()

    def tries(self, person: int, since: datetime) -> int:
        query = select(func.count()).where(col(CodeTryRow.person) == person, col(CodeTryRow.at) > since)
        return self._session.exec(query).one()

    def choose(self, letters: Sequence[str]) -> str:
        return self._chance.choice(letters)

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


def _certificate(row: CertificateRow) -> Certificate:
    return Certificate(*(getattr(row, f.name) for f in fields(Certificate)))
