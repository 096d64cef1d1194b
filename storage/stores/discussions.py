"""Discussions: rounds, posts, replies, groups, and talk in the threads."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, update
from sqlmodel import col, select

from bot.core.people import MessageRef
from bot.features.discussions.store import KnownRound, Post, Response, Words
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.planned import planned_columns, read_planned
from storage.sql.statements import Query
from storage.sql.store import Store
from storage.tables.discussions import (
    DiscussionGroupRow,
    DiscussionPostRow,
    DiscussionReplyRow,
    DiscussionRoundRow,
    DiscussionTalkRow,
)

_KNOWN = Mapper(KnownRound, DiscussionRoundRow, planned=read_planned)
_POST = Mapper(Post, DiscussionPostRow, values=lambda row: json.loads(row.body))
_RESPONSE = Mapper(Response, DiscussionReplyRow)
_STANDS = col(DiscussionPostRow.deleted_at).is_(None)
_SAID = col(DiscussionReplyRow.deleted_at).is_(None)
# Compiled once: cards, reminders and the calendar ask for these.
_ROUNDS = Query(
    select(DiscussionRoundRow)
    .where(*given(DiscussionRoundRow.cohort))
    .order_by(col(DiscussionRoundRow.discussion), col(DiscussionRoundRow.number))
).each(_KNOWN.read)
_POSTED = Query(
    select(DiscussionPostRow.discussion, DiscussionPostRow.round, DiscussionPostRow.person, DiscussionPostRow.at).where(
        *given(DiscussionPostRow.cohort), _STANDS
    )
)
_RESPONDED = Query(
    select(
        DiscussionReplyRow.discussion,
        DiscussionReplyRow.person,
        DiscussionReplyRow.post,
        func.min(DiscussionReplyRow.at),
    )
    .where(*given(DiscussionReplyRow.cohort), _SAID, col(DiscussionReplyRow.own).is_(False))
    .group_by(col(DiscussionReplyRow.discussion), col(DiscussionReplyRow.person), col(DiscussionReplyRow.post)),
    person=DiscussionReplyRow.person,
)
_GROUPS = Query(
    select(DiscussionGroupRow.person, DiscussionGroupRow.number).where(
        *given(DiscussionGroupRow.cohort, DiscussionGroupRow.discussion)
    )
)
_SIGNS = [
    Query(
        select(row.person, func.max(row.at))
        .where(*given(row.cohort), col(row.at) >= bindparam("since"), col(row.at) < bindparam("until"))
        .group_by(col(row.person))
    )
    for row in (DiscussionPostRow, DiscussionReplyRow, DiscussionTalkRow)
]


def _words(row: DiscussionTalkRow) -> Words:
    ref = MessageRef(row.workspace, row.channel, row.message)
    return Words(ref, row.cohort, row.discussion, row.offered or 0, row.person, row.words)


class SqlDiscussions(Store):
    """The `DiscussionStore` of bot/features/discussions, over tables."""

    # Rounds

    def known(self, cohort: int) -> Sequence[KnownRound]:
        return _ROUNDS.all(self._session, cohort=cohort)

    def know(self, cohort: int, rounds: Iterable[KnownRound]) -> None:
        for one in rounds:
            self._put(DiscussionRoundRow(cohort=cohort, **_KNOWN.columns(one), **planned_columns(one.planned)))

    # Posts

    def add(self, post: Post) -> Post:
        row = self._add(DiscussionPostRow(body=json.dumps(dict(post.values)), **_POST.columns(post)))
        return _POST.read(row)

    def keep(self, post: Post) -> None:
        values = _POST.columns(post, "quote", "late", "changed_at", "raised")
        self._change(DiscussionPostRow, post.id, body=json.dumps(dict(post.values)), **values)

    def post(self, post: int) -> Post | None:
        return self._first(_POST, select(DiscussionPostRow).where(DiscussionPostRow.id == post, _STANDS))

    def posts(self, cohort: int, discussion: str) -> Sequence[Post]:
        query = select(DiscussionPostRow).where(
            DiscussionPostRow.cohort == cohort, DiscussionPostRow.discussion == discussion, _STANDS
        )
        return self._values(_POST, query.order_by(col(DiscussionPostRow.round), col(DiscussionPostRow.id)))

    def begun(self, cohort: int) -> Set[str]:
        rows = (DiscussionPostRow, DiscussionGroupRow)
        return {id for row in rows for id in self._all(select(row.discussion).where(row.cohort == cohort).distinct())}

    def posted(self, cohort: int) -> Mapping[tuple[str, int, int], datetime]:
        rows = _POSTED.all(self._session, cohort=cohort)
        return {(discussion, round, person): at for discussion, round, person, at in rows}

    def written(self, person: int) -> Sequence[Post]:
        query = select(DiscussionPostRow).where(DiscussionPostRow.person == person, _STANDS)
        return self._values(_POST, query.order_by(col(DiscussionPostRow.id)))

    def take_back(self, post: int, at: datetime) -> None:
        self._change(DiscussionPostRow, post, body="{}", quote=False, deleted_at=at)

    # Replies

    def respond(self, response: Response) -> Response:
        post = self._session.get_one(DiscussionPostRow, response.post)
        row = DiscussionReplyRow(
            cohort=post.cohort,
            discussion=post.discussion,
            own=post.person == response.person,
            **_RESPONSE.columns(response),
        )
        return _RESPONSE.read(self._add(row))

    def change(self, response: int, text: str) -> None:
        self._change(DiscussionReplyRow, response, text=text)

    def response(self, response: int) -> Response | None:
        return self._first(_RESPONSE, select(DiscussionReplyRow).where(DiscussionReplyRow.id == response, _SAID))

    def responses(self, posts: Collection[int]) -> Sequence[Response]:
        query = select(DiscussionReplyRow).where(col(DiscussionReplyRow.post).in_(posts), _SAID)
        return self._values(_RESPONSE, query.order_by(col(DiscussionReplyRow.id))) if posts else []

    def responded(self, cohort: int, people: Collection[int]) -> Mapping[tuple[str, int], Sequence[datetime]]:
        found: dict[tuple[str, int], list[datetime]] = defaultdict(list)
        for discussion, person, _, at in _RESPONDED.about(self._session, people, cohort=cohort):
            found[discussion, person].append(at)
        return found

    def said(self, person: int) -> Sequence[tuple[int, str, Response]]:
        query = select(DiscussionReplyRow).where(DiscussionReplyRow.person == person, _SAID)
        rows = self._all(query.order_by(col(DiscussionReplyRow.id)))
        return [(row.cohort, row.discussion, _RESPONSE.read(row)) for row in rows]

    def take_back_response(self, response: int, at: datetime) -> None:
        self._change(DiscussionReplyRow, response, text="", deleted_at=at)

    # Groups

    def groups(self, cohort: int, discussion: str) -> Mapping[int, int]:
        return dict(_GROUPS.all(self._session, cohort=cohort, discussion=discussion))

    def put_groups(self, cohort: int, discussion: str, groups: Mapping[int, int]) -> None:
        for person, number in groups.items():
            self._put(DiscussionGroupRow(cohort=cohort, discussion=discussion, person=person, number=number))

    def leave_groups(self, cohort: int, person: int) -> None:
        self._delete(DiscussionGroupRow, DiscussionGroupRow.person == person, DiscussionGroupRow.cohort == cohort)

    # Talk in the thread

    def talk(self, cohort: int, discussion: str, person: int, ref: MessageRef, at: datetime) -> None:
        workspace, channel, message = ref.workspace, ref.channel, ref.id
        row = DiscussionTalkRow(
            workspace=workspace,
            channel=channel,
            message=message,
            cohort=cohort,
            discussion=discussion,
            person=person,
            at=at,
        )
        self._put(row)

    def untalk(self, ref: MessageRef) -> None:
        row = DiscussionTalkRow
        self._delete(row, row.workspace == ref.workspace, row.channel == ref.channel, row.message == ref.id)

    def offer(self, words: Words) -> None:
        row = self._session.get(DiscussionTalkRow, (words.ref.workspace, words.ref.channel, words.ref.id))
        if row is not None:
            row.offered, row.words = words.round, words.text

    def offered(self, cohort: int, discussion: str, round: int, person: int) -> Words | None:
        row = DiscussionTalkRow
        found = self._session.exec(
            select(row)
            .where(row.cohort == cohort, row.discussion == discussion, row.person == person, row.offered == round)
            .order_by(col(row.at).desc())
        ).first()
        return _words(found) if found is not None else None

    def offered_at(self, ref: MessageRef) -> Words | None:
        found = self._session.get(DiscussionTalkRow, (ref.workspace, ref.channel, ref.id))
        return _words(found) if found is not None and found.offered is not None else None

    def drop_words(self, cohort: int) -> None:
        row = DiscussionTalkRow
        self._session.execute(update(row).where(col(row.cohort) == cohort, col(row.words) != "").values(words=""))

    def talked(self, cohort: int, discussion: str, since: datetime | None, until: datetime | None) -> int:
        at = col(DiscussionTalkRow.at)
        where: list[Any] = [DiscussionTalkRow.cohort == cohort, DiscussionTalkRow.discussion == discussion]
        where += [at >= since] if since else []
        where += [at < until] if until else []
        return self._count(*where)

    def last_active(self, cohort: int, since: datetime, until: datetime) -> Mapping[int, datetime]:
        found: dict[int, datetime] = {}
        for signs in _SIGNS:
            for person, at in signs.all(self._session, cohort=cohort, since=since, until=until):
                found[person] = max(at, found.get(person, at))
        return found
