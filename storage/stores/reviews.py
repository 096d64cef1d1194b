"""Peer review: assignments with what was said in them, the pieces of each review, openings, consents and copies."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlmodel import col, select

from bot.core.forms import Kept
from bot.core.people import Role
from bot.features.reviews.store import REVIEWS, Assignment, Consent, Copy, Listed, Opening, Sent, Taken
from storage.sql.clauses import among, given
from storage.sql.mapper import Mapper
from storage.sql.schema import Utc
from storage.sql.statements import Change, Put, Query, table
from storage.sql.store import Store, emptied
from storage.tables.people import AccountRow, MembershipRow
from storage.tables.reviews import ReviewConsentRow, ReviewCopyRow, ReviewOpeningRow, ReviewPieceRow, ReviewRow

_ASSIGNMENT = Mapper(
    Assignment,
    ReviewRow,
    file=lambda r: Kept.read(r.file),
    answers=lambda r: tuple((question, text) for question, text in json.loads(r.answers or "[]")),
)
_OPENING, _CONSENT = Mapper(Opening, ReviewOpeningRow), Mapper(Consent, ReviewConsentRow)
_COPY = Mapper(
    Copy,
    ReviewCopyRow,
    file=lambda r: Kept.read(r.file),
    named=lambda r: tuple(int(person) for person in r.named.split(",") if person),
)
_there = col(ReviewRow.removed_at).is_(None)
# Compiled once: items and one's own page read them.
_OF = _ASSIGNMENT.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,))
_BY = _ASSIGNMENT.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,), person=ReviewRow.reviewer)
_ABOUT = _ASSIGNMENT.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,), person=ReviewRow.author)
_SENT = Mapper(Sent, ReviewRow).query(
    *given(ReviewRow.cohort),
    _there,
    col(ReviewRow.sent_at).is_not(None),
    person=ReviewRow.reviewer,
)
_OPENINGS = _OPENING.query(*given(ReviewOpeningRow.cohort))
_CONSENTS = _CONSENT.query(*given(ReviewConsentRow.cohort), person=ReviewConsentRow.person)
_COPIES = _COPY.query(*given(ReviewCopyRow.cohort), person=ReviewCopyRow.person)

# The pieces, and which of them somebody gets

_review, _pieces, _others = table(ReviewRow).c, table(ReviewPieceRow), table(ReviewPieceRow).alias()
_piece, _first = _pieces.c, _others.c
_now = bindparam("now", type_=Utc)
_me: Any = bindparam("me")
_LISTED = Mapper(Listed, ReviewPieceRow)
_under_way = sa.and_(_review.sent_at.is_(None), _review.held_until > _now)
_active = (_review.removed_at.is_(None), _review.out_at.is_(None), sa.or_(_review.sent_at.is_not(None), _under_way))
_same = (_review.cohort == _piece.cohort, _review.review == _piece.review)
_of_it = (*_same, _review.author == _piece.person, _review.work == _piece.work)
_by_its_author = (*_same, _review.reviewer == _piece.person)


def _reckoned(what: Any, *where: Any) -> Any:
    return sa.select(what).where(*where, *_active).correlate(_pieces).scalar_subquery()


_ends = [_reckoned(sa.func.min(_review.held_until), *where, _under_way) for where in (_of_it, _by_its_author)]
_recount = sa.update(_pieces).values(
    reviews=_reckoned(sa.func.count(), *_of_it),
    gave=_reckoned(sa.func.count(), *_by_its_author),
    until=sa.case(
        (sa.or_(_ends[0].is_(None), _ends[1] < _ends[0]), sa.func.coalesce(_ends[1], _ends[0])), else_=_ends[0]
    ),
)
_in_review = (_piece.cohort == bindparam("in_cohort"), _piece.review == bindparam("in_review"))
_RECOUNT = Change(_recount.where(*_in_review, among(_piece.person, "people")))
_FREE_OVERDUE = Change(_recount.where(*_in_review, _piece.until.is_not(None), _piece.until <= _now))
_LIST = Put(
    ReviewPieceRow, ("cohort", "review", "work"), ("person", "first_at", "version", "pod"), "reviews", "gave", "until"
)


_member = table(MembershipRow).c
_LEARNERS = Query(
    sa.select(_member.person)
    .where(
        *given(_member.cohort),
        _member.role == Role.LEARNER.value,
        _member.left_at.is_(None),
        sa.exists().where(col(AccountRow.person) == _member.person, col(AccountRow.active)),
    )
    .limit(bindparam("most"))
)


def _learns(piece: Any) -> Any:
    """Whether its author is a present learner."""
    return (
        sa.exists()
        .where(
            col(MembershipRow.cohort) == piece.cohort,
            col(MembershipRow.person) == piece.person,
            col(MembershipRow.role) == Role.LEARNER.value,
            col(MembershipRow.left_at).is_(None),
            sa.exists()
            .where(col(AccountRow.person) == MembershipRow.person, col(AccountRow.active))
            .correlate(MembershipRow),
        )
        .correlate(_pieces, _others)
    )


_of_its_pod = (_first.cohort == _piece.cohort, _first.review == _piece.review, _first.pod == _piece.pod)
_as_it_is = (*_of_its_pod, _first.version == _piece.version)
_goes_before = sa.or_(
    _first.first_at < _piece.first_at, sa.and_(_first.first_at == _piece.first_at, _first.work < _piece.work)
)
_is_read_already = sa.exists().where(*_as_it_is, sa.or_(_first.person == _me, sa.and_(_goes_before, _learns(_first))))
_there_to_read = (
    *given(_piece.cohort, _piece.review),
    _piece.person != _me,
    _learns(_piece),
    sa.or_(_piece.pod == "", ~_is_read_already.correlate(_pieces)),
    ~among(_piece.pod, "pods"),
)
_is_free = ~sa.exists().where(
    col(ReviewConsentRow.cohort) == _piece.cohort,
    # See `rules.consent_of`. Which of a pod's milestones it is about, its version says.
    sa.case(
        (_piece.pod != "", col(ReviewConsentRow.work).startswith(_piece.pod + "/")),
        else_=col(ReviewConsentRow.work) == _piece.work,
    ),
    col(ReviewConsentRow.version) == _piece.version,
    col(ReviewConsentRow.agreed).is_not(True),
).correlate(_pieces)
_was_mine = (
    sa.exists()
    .where(
        *_same,
        _review.reviewer == _me,
        _review.work == _piece.work,
        sa.or_(_review.out_at.is_not(None), sa.and_(*_active)),
    )
    .correlate(_pieces)
)
_still_few = (_piece.reviews < bindparam("below"), ~_was_mine)


def _of_both(what: Any, *where: Any) -> tuple[Any, Any]:
    """Of the pieces of a review with names, and of one without."""
    there = sa.select(*what).where(*_there_to_read, *where)
    return there, there.where(_is_free)


def _first_of(most: int, order_by: Any, *where: Any) -> tuple[Query[Listed], Query[Listed]]:
    named, unnamed = (one.order_by(*order_by).limit(most) for one in _of_both(_LISTED.selected, *where))
    return Query(named).into(Listed), Query(unnamed).into(Listed)


_by_turn = (_piece.reviews, _piece.first_at, _piece.work)
_NEXT = _first_of(1, _by_turn, *_still_few, ~among(_piece.work, "without"))
_OWING = _first_of(2, (_piece.gave,), _piece.gave < bindparam("wanted"), ~among(_piece.work, "without"))
_LACKING = [Query(built) for built in _of_both([sa.func.count()], *_still_few)]
_TAKEN = Mapper(Taken, ReviewRow)
_TAKEN_IN = _TAKEN.query(*given(ReviewRow.cohort, ReviewRow.review), _there)
_TAKEN_OF = _TAKEN.query(*given(ReviewRow.cohort, ReviewRow.review), _there, person=ReviewRow.author)
_TAKEN_BY = _TAKEN.query(*given(ReviewRow.cohort, ReviewRow.review), _there, person=ReviewRow.reviewer)
_ANY_LISTED = Query(select(ReviewPieceRow.work).where(*given(ReviewPieceRow.cohort, ReviewPieceRow.review)).limit(1))
EVERY = 1 << 30
"""More reviews than a piece has."""


class SqlReviews(Store):
    """The `ReviewStore` of bot/features/reviews, over tables."""

    def learners(self, cohort: int, most: int) -> int:
        return len(_LEARNERS.all(self._session, cohort=cohort, most=most))

    def taken(self, cohort: int, review: str) -> Sequence[Taken]:
        return _TAKEN_IN.all(self._session, cohort=cohort, review=review)

    def list_pieces(self, cohort: int, review: str, there: Sequence[Listed], people: Collection[int] | None) -> None:
        gone = [col(ReviewPieceRow.cohort) == cohort, col(ReviewPieceRow.review) == review]
        if people is not None:
            gone.append(col(ReviewPieceRow.person).in_(people))
        known = {one.work for one in there}
        found = self._all(select(ReviewPieceRow.work).where(*gone))
        for work in [work for work in found if work not in known]:
            self._delete(ReviewPieceRow, *gone, ReviewPieceRow.work == work)
        kept = {"cohort": cohort, "review": review, "reviews": 0, "gave": 0, "until": None}
        _LIST.rows(self._session, [{**kept, **_LISTED.columns(one)} for one in there])
        self._recount(cohort, review, {one.person for one in there})

    def _recount(self, cohort: int, review: str, people: Collection[int]) -> None:
        _RECOUNT.run(self._session, in_cohort=cohort, in_review=review, people=people, now=self._now)

    def is_listed(self, cohort: int, review: str) -> bool:
        return _ANY_LISTED.first(self._session, cohort=cohort, review=review) is not None

    def free_overdue(self, cohort: int, review: str) -> None:
        _FREE_OVERDUE.run(self._session, in_cohort=cohort, in_review=review, now=self._now)

    def candidates(
        self,
        cohort: int,
        review: str,
        me: int,
        wanted: int,
        *,
        anonymous: bool,
        without: Collection[str] = (),
        pods: Collection[str] = (),
    ) -> tuple[Sequence[Listed], Sequence[Taken]]:
        here = {"cohort": cohort, "review": review}
        mine = _TAKEN_BY.about(self._session, {me}, **here)
        did = sum(one.sent_at is not None and one.out_at is None for one in mine)
        asked = {**here, "me": me, "pods": pods, "without": without}
        below = wanted if did >= wanted else EVERY
        found = _NEXT[anonymous].all(self._session, **asked, now=self._now, below=below)
        if not found:
            return [], mine
        owing = [one for one in _OWING[anonymous].all(self._session, **asked, wanted=wanted) if one not in found]
        pieces = [*found, *owing]
        others = {one.person for one in pieces}
        about, by = (query.about(self._session, others, **here) for query in (_TAKEN_OF, _TAKEN_BY))
        # Somebody takes a piece once.
        return pieces, list({(one.work, one.reviewer): one for one in (*mine, *about, *by)}.values())

    def count_lacking(
        self, cohort: int, review: str, me: int, wanted: int, *, anonymous: bool, pods: Collection[str] = ()
    ) -> int:
        asked = {"cohort": cohort, "review": review, "me": me, "pods": pods, "below": wanted}
        (number,) = _LACKING[anonymous].one(self._session, **asked, now=self._now)
        return int(number)

    def of(self, cohort: int, review: str | None = None) -> Sequence[Assignment]:
        return [one for one in _OF.all(self._session, cohort=cohort) if review in (None, one.review)]

    def by(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        return sorted(_BY.about(self._session, people, cohort=cohort), key=lambda one: one.id)

    def about(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        return sorted(_ABOUT.about(self._session, people, cohort=cohort), key=lambda one: one.id)

    def sent(self, cohort: int, people: Collection[int]) -> Sequence[Sent]:
        return _SENT.about(self._session, people, cohort=cohort)

    def of_pods(self, cohort: int, pods: Collection[str]) -> Sequence[Assignment]:
        of = (ReviewRow.cohort == cohort, col(ReviewRow.pod).in_(pods), _there)
        return self._values(_ASSIGNMENT, select(ReviewRow).where(*of).order_by(col(ReviewRow.id))) if pods else []

    def said_by(self, cohort: int, person: int) -> Sequence[Assignment]:
        said = (ReviewRow.cohort == cohort, ReviewRow.said_by == person, _there)
        return self._values(_ASSIGNMENT, select(ReviewRow).where(*said))

    def find(self, cohort: int, id: int) -> Assignment | None:
        return self._first(_ASSIGNMENT, select(ReviewRow).where(ReviewRow.id == id, ReviewRow.cohort == cohort, _there))

    def add(self, assignment: Assignment) -> Assignment:
        row = self._add(ReviewRow(**_columns(assignment)))
        self._recount(row.cohort, row.review, {row.reviewer, row.author})
        return _ASSIGNMENT.read(row)

    def change(self, assignment: Assignment) -> None:
        row = self._change(ReviewRow, assignment.id, **_columns(assignment))
        self._recount(row.cohort, row.review, {row.reviewer, row.author})

    def remove(self, id: int) -> None:
        # The row keeps its number: the anchor of a message and the subject of buttons.
        row = self._change(ReviewRow, id, removed_at=self._now, **emptied(ReviewRow, REVIEWS.written()))
        self._recount(row.cohort, row.review, {row.reviewer, row.author})

    def openings(self, cohort: int) -> Mapping[str, Opening]:
        return {one.review: one for one in _OPENINGS.all(self._session, cohort=cohort)}

    def keep_opening(self, cohort: int, opening: Opening) -> None:
        self._put(ReviewOpeningRow(cohort=cohort, **_OPENING.columns(opening)))

    def consents(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Consent]:
        return _CONSENTS.about(self._session, people, cohort=cohort)

    def keep_consent(self, cohort: int, consent: Consent) -> None:
        self._put(ReviewConsentRow(cohort=cohort, **_CONSENT.columns(consent)))

    def drop_consent(self, cohort: int, work: str, person: int) -> None:
        row = ReviewConsentRow
        self._delete(row, row.cohort == cohort, row.work == work, row.person == person)

    def copy(self, cohort: int, work: str) -> Copy | None:
        return self._get(_COPY, (cohort, work))

    def copies(self, cohort: int, people: Collection[int]) -> Sequence[Copy]:
        return _COPIES.about(self._session, people, cohort=cohort)

    def keep_copy(self, cohort: int, copy: Copy) -> None:
        columns = {**_COPY.columns(copy), "file": str(copy.file or ""), "named": ",".join(map(str, copy.named))}
        self._put(ReviewCopyRow(cohort=cohort, **columns))

    def drop_copy(self, cohort: int, work: str) -> None:
        self._delete(ReviewCopyRow, ReviewCopyRow.cohort == cohort, ReviewCopyRow.work == work)


def _columns(assignment: Assignment) -> dict[str, Any]:
    return {
        **_ASSIGNMENT.columns(assignment),
        "file": str(assignment.file or ""),
        "answers": json.dumps(assignment.answers, ensure_ascii=False) if assignment.answers else "",
    }
