"""What waits to be said, when each person was written to, and when channels got posts."""

import json
from collections.abc import Collection, Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete
from sqlmodel import col, select

from bot.core.codec import dump_message, dump_text, load_message, load_text
from bot.core.message import Block, Message, Paragraph, Text
from bot.core.people import Place, Role
from bot.core.plain import plain, plain_text
from bot.core.quoting import KNOWN_BY, quotes
from bot.core.voice import RIDING, Awaited, Card, Dates, Line, Notice, Rank
from bot.runtime.budget import Sent, Waiting, Why
from bot.runtime.ports import Part, Post
from storage.sql.clauses import among, in_state
from storage.sql.mapper import Mapper
from storage.sql.quoted import inside, parts_of
from storage.sql.schema import Utc
from storage.sql.statements import Change, Insert, Query
from storage.sql.store import Store
from storage.tables.absence import AbsenceRow, SilenceRow
from storage.tables.schedule import DueRow
from storage.tables.voice import DroppedRow, PartRow, PostRow, RemarkRow, SpokenRow

KEPT = timedelta(days=60)
"""How long it is stored who was written to: the budget counts weeks."""

AWAITED = "awaited"
"""The rank of an awaited line."""

# Compiled once: these run for every batch of people.
_PLANNED = in_state(DueRow.state, "planned")
_whose = sa.type_coerce(DueRow.person, sa.Integer)
_at, _end = sa.bindparam("at", type_=Utc), sa.bindparam("end", type_=Utc)
_SAME = Query(select(RemarkRow.id, RemarkRow.person, RemarkRow.key).where(among(RemarkRow.key, "keys")))
_KEEP, _NOTE, _NOTE_DROPPED, _JOIN = Insert(RemarkRow), Insert(SpokenRow), Insert(DroppedRow), Insert(PartRow)
_DROP = Change(delete(RemarkRow).where(among(RemarkRow.id, "ids")))
_HUSH = Change(delete(RemarkRow).where(among(RemarkRow.key, "keys")))
_HUSH_CARDS = Change(delete(RemarkRow).where(among(RemarkRow.key, "keys"), col(RemarkRow.is_card)))
_HELD = Query(select(RemarkRow.key).where(among(RemarkRow.key, "keys")))
_UNSAID = Query(select(RemarkRow).where(among(RemarkRow.person, "people")).order_by(col(RemarkRow.id)))
_SPOKEN = Query(
    select(SpokenRow.person, SpokenRow.role, SpokenRow.at, SpokenRow.awaited).where(
        among(SpokenRow.person, "people"), SpokenRow.at >= _at
    )
)
_LAST_DROPPED = Query(
    select(DroppedRow.person, DroppedRow.cohort, sa.func.max(DroppedRow.at))
    .where(among(DroppedRow.person, "people"))
    .group_by(col(DroppedRow.person), col(DroppedRow.cohort))
)
_LEADS = select(PartRow.lead).where(among(PartRow.anchor, "anchors"))
_PARTS = Query(select(PartRow).where(col(PartRow.lead).in_(_LEADS)).order_by(PartRow.lead, col(PartRow.number)))
_ALSO = Query(
    select(PartRow)
    .where(among(PartRow.person, "people"), col(PartRow.anchor).startswith("also/"))
    .order_by(PartRow.anchor)
)
_LEADS_OF = Query(select(PartRow.anchor, PartRow.lead).where(among(PartRow.anchor, "anchors")))
_DROP_PARTS = Change(delete(PartRow).where(among(PartRow.anchor, "anchors")))
_AHEAD = Query(
    sa.union_all(
        sa.select(col(RemarkRow.person), col(RemarkRow.at)).where(
            among(RemarkRow.person, "people"),
            col(RemarkRow.is_card),
            *(col(RemarkRow.rank) != rank for rank in RIDING),
            col(RemarkRow.at) > _at,
            col(RemarkRow.at) <= _end,
        ),
        sa.select(_whose, col(DueRow.at)).where(
            among(DueRow.person, "people"), _PLANNED, col(DueRow.at) > _at, col(DueRow.at) <= _end
        ),
    )
)
_EXPECTING = Query(select(_whose).where(among(DueRow.person, "people"), _PLANNED, DueRow.at <= _at).distinct())
# A row about many names nobody: it may bring something for its whole cohort.
_FOR_ALL = Query(
    select(DueRow.cohort)
    .where(col(DueRow.person).is_(None), _PLANNED, DueRow.at <= _at, DueRow.kind != "voice.speak")
    .distinct()
)
_SILENT = Query(
    sa.union(
        select(AbsenceRow.cohort, AbsenceRow.person, sa.true()).where(
            among(AbsenceRow.person, "people"),
            AbsenceRow.starts_at <= _at,
            sa.or_(col(AbsenceRow.ends_at).is_(None), col(AbsenceRow.ends_at) > _at),
        ),
        select(SilenceRow.cohort, SilenceRow.person, sa.false()).where(among(SilenceRow.person, "people")),
    )
)
_POST = Mapper(Post, PostRow, place=lambda row: Place(row.workspace, row.channel))


class SqlVoice(Store):
    """The `VoiceStore` of bot/runtime/ports.py, over tables."""

    def keep(self, waiting: Sequence[Waiting]) -> Sequence[int]:
        named = {(w.notice.person, w.notice.key): w for w in waiting}
        keys = {key for _, key in named}
        self.drop([id for id, person, key in _SAME.all(self._session, keys=keys) if (person, key) in named])
        if named:
            _KEEP.run_all(self._session, [_row(w) for w in named.values()])
        # Asked for afterwards: SQLite returns the numbers of several rows in no certain order.
        numbers = {(person, key): id for id, person, key in _SAME.all(self._session, keys=keys)}
        return [numbers[w.notice.person, w.notice.key] for w in waiting]

    def cards_ahead(self, people: Collection[int], after: datetime, end: datetime) -> Mapping[int, Sequence[datetime]]:
        found: dict[int, list[datetime]] = {}
        for person, at in _AHEAD.all(self._session, people=people, at=after, end=end):
            found.setdefault(person, []).append(at)
        return {person: sorted(instants) for person, instants in found.items()}

    def expecting(self, people: Collection[int], now: datetime) -> tuple[Set[int], Set[int]]:
        cohorts = set(_FOR_ALL.all(self._session, at=now))
        return set(_EXPECTING.all(self._session, people=people, at=now)), cohorts

    def silent(self, people: Collection[int], now: datetime) -> Set[tuple[int, int, bool]]:
        found = _SILENT.all(self._session, people=people, at=now)
        return {(cohort, person, bool(away)) for cohort, person, away in found}

    def hush(self, keys: Collection[str]) -> None:
        _HUSH.run(self._session, keys=keys)

    def hush_cards(self, keys: Collection[str]) -> None:
        if keys:
            _HUSH_CARDS.run(self._session, keys=keys)

    def hush_person(self, person: int, cohort: int) -> None:
        self._delete(RemarkRow, RemarkRow.person == person, RemarkRow.cohort == cohort)

    def hush_cohort(self, cohort: int) -> None:
        self._delete(RemarkRow, RemarkRow.cohort == cohort, RemarkRow.rank != AWAITED, RemarkRow.change == "")

    def waiting(self, people: Collection[int]) -> Mapping[int, Sequence[Waiting]]:
        found: dict[int, list[Waiting]] = {}
        for row in _UNSAID.all(self._session, people=people):
            found.setdefault(row.person, []).append(Waiting(row.id, _read(row), row.at))
        return found

    def held(self, keys: Collection[str]) -> Set[str]:
        return set(_HELD.all(self._session, keys=keys))

    def drop(self, ids: Sequence[int]) -> None:
        if ids:
            _DROP.run(self._session, ids=ids)

    def dropped(self, people: Collection[int]) -> Mapping[int, Mapping[int, datetime]]:
        found: dict[int, dict[int, datetime]] = {}
        for person, cohort, at in _LAST_DROPPED.all(self._session, people=people):
            found.setdefault(person, {})[cohort] = at
        return found

    def note_dropped(self, dropped: Sequence[tuple[Notice, Why]], now: datetime) -> None:
        if dropped:
            rows = [
                {"person": n.person, "cohort": n.cohort, "key": n.key, "what": _words(n), "why": why, "at": now}
                for n, why in dropped
            ]
            _NOTE_DROPPED.run_all(self._session, rows)

    def note_sent(self, sent: Sequence[tuple[int, Sent]]) -> None:
        if sent:
            rows = [{"person": p, "role": s.role.value, "at": s.at, "awaited": s.awaited} for p, s in sent]
            _NOTE.run_all(self._session, rows)

    def sent(self, people: Collection[int], since: datetime) -> Mapping[int, Sequence[Sent]]:
        found: dict[int, list[Sent]] = {}
        for person, role, at, awaited in _SPOKEN.all(self._session, people=people, at=since):
            found.setdefault(person, []).append(Sent(at, Role(role), awaited))
        return found

    def join(self, person: int, parts: Sequence[tuple[str, Message]]) -> None:
        self.drop_parts([anchor for anchor, _ in parts])
        rows = [
            {"anchor": anchor, "lead": parts[0][0], "number": n, "person": person, "body": dump_message(message)}
            for n, (anchor, message) in enumerate(parts)
        ]
        _JOIN.run_all(self._session, rows)

    def joined(self, anchors: Collection[str]) -> Sequence[list[Part]]:
        found: dict[str, list[Part]] = {}
        for row in _PARTS.all(self._session, anchors=anchors):
            found.setdefault(row.lead, []).append(Part(row.anchor, row.person, load_message(row.body)))
        return list(found.values())

    def naming(self, names: Collection[str], but: int) -> Sequence[list[Part]]:
        has_one = sa.or_(sa.false(), *(col(PartRow.body).contains(inside(name), autoescape=True) for name in names))
        return self.joined(self._all(select(PartRow.anchor).where(PartRow.person != but, has_one)))

    def forget_texts(self, texts: Collection[str], but: Collection[str]) -> None:
        for part in {part for text in texts if text.strip() for part in parts_of(text)}:
            has_it = select(PartRow).where(col(PartRow.body).contains(inside(part), autoescape=True))
            for row in self._session.exec(has_it).all():
                if row.anchor not in but:
                    row.body = json.dumps(_without(json.loads(row.body), texts), ensure_ascii=False)
        self._session.flush()

    def also(self, people: Collection[int]) -> list[Part]:
        rows = _ALSO.all(self._session, people=people)
        return [Part(row.anchor, row.person, load_message(row.body)) for row in rows]

    def change_part(self, anchor: str, message: Message) -> None:
        self._update(PartRow, PartRow.anchor == anchor, body=dump_message(message))

    def drop_parts(self, anchors: Collection[str]) -> None:
        _DROP_PARTS.run(self._session, anchors=anchors)

    def leads(self, anchors: Collection[str]) -> Mapping[str, str]:
        return dict(_LEADS_OF.all(self._session, anchors=anchors))

    def post(self, anchor: str) -> Post | None:
        return self._get(_POST, anchor)

    def roots(self, place: Place, since: datetime) -> Sequence[Post]:
        query = select(PostRow).where(
            PostRow.workspace == place.workspace,
            PostRow.channel == place.channel,
            PostRow.at >= since,
            PostRow.below == "",
        )
        return self._values(_POST, query)

    def note_post(self, post: Post) -> None:
        columns = _POST.columns(post) | {"workspace": post.place.workspace, "channel": post.place.channel}
        self._add(PostRow(**columns))

    def forget(self, now: datetime) -> None:
        self._delete(SpokenRow, SpokenRow.at < now - KEPT)
        self._delete(RemarkRow, RemarkRow.until < now - KEPT)
        self._delete(DroppedRow, DroppedRow.at < now - KEPT)


def _without(stored: Any, texts: Collection[str]) -> Any:
    """A stored message without what it quotes of these texts; labels of buttons stay."""
    if isinstance(stored, str):
        for text in texts:
            if quotes(stored, text):
                whole, at = stored.replace(text, "…"), stored.find(text[:KNOWN_BY])
                stored = whole if whole != stored else f"{stored[:at]}…" if at >= 0 else "…"
        return stored
    if isinstance(stored, list):
        return [_without(part, texts) for part in stored]
    if isinstance(stored, dict):
        return {key: _without(part, texts) if key in _SAID else part for key, part in stored.items()}
    return stored


_SAID = ("blocks", "text", "items", "rows")
"""The keys of a stored message that hold what is said."""


def _words(notice: Notice) -> str:
    """What a notice is about: its own words for it, or its first line."""
    if isinstance(notice, Card) and notice.about:
        return notice.about
    lines = plain(notice.message) if isinstance(notice, Card) else plain_text(notice.text)
    return lines.partition("\n")[0]


def _row(waiting: Waiting) -> dict[str, Any]:
    notice = waiting.notice
    card = notice if isinstance(notice, Card) else None
    return {
        "person": notice.person,
        "cohort": notice.cohort,
        "key": notice.key,
        "is_card": card is not None,
        "body": _body(notice),
        "at": waiting.at,
        "until": notice.until,
        "role": "" if isinstance(notice, Awaited) else notice.role.value,
        "urgent": isinstance(notice, Line) and notice.urgent,
        "rank": AWAITED if isinstance(notice, Awaited) else card.rank if card else "usual",
        "joins": card is not None and card.joins,
        "about": card.about if card else "",
        "lists_all": card is not None and card.lists_all,
        "personal": isinstance(notice, Awaited) and notice.personal,
        "change": _change(notice),
    }


SHAPE = "shape:"
"""How a stored change begins that is not one of dates."""


def _change(notice: Notice) -> str:
    if isinstance(notice, Line) and notice.knows:
        return SHAPE + notice.knows
    moved = None if isinstance(notice, Card) else notice.moved
    return "/".join(at.isoformat() if at else "" for at in moved) if moved else ""


def _moved(change: str) -> Dates | None:
    if not change or change.startswith(SHAPE):
        return None
    before, _, after = change.partition("/")
    return datetime.fromisoformat(before) if before else None, datetime.fromisoformat(after) if after else None


def _knows(change: str) -> str:
    # Older rows also have the name of the course after the change.
    return change.removeprefix(SHAPE).partition("/")[0] if change.startswith(SHAPE) else ""


def _body(notice: Notice) -> str:
    """A line with blocks below it is stored as a message, which is a JSON object; other lines are lists."""
    if isinstance(notice, Card) or notice.below:
        return dump_message(notice.message)
    return dump_text(notice.text)


def _read(row: Any) -> Notice:
    if row.is_card:
        # Before cards could ride, 'usual' was the name of the core cards' rank.
        rank: Rank = "core" if row.rank == "usual" else row.rank
        said, role = load_message(row.body), Role(row.role)
        return Card(
            row.person,
            row.cohort,
            row.key,
            said,
            row.at,
            row.until,
            role,
            rank,
            row.joins,
            row.about,
            row.lists_all,
        )
    moved = _moved(row.change)
    text, below = _words_of(row.body)
    if row.rank == AWAITED:
        return Awaited(row.person, row.cohort, row.key, text, row.until, below, moved, row.personal)
    knows, role = _knows(row.change), Role(row.role)
    return Line(row.person, row.cohort, row.key, text, row.until, role, row.urgent, moved, knows, below=below)


def _words_of(body: str) -> tuple[Text, tuple[Block, ...]]:
    """The text of a line, and the blocks below it."""
    if not body.startswith("{"):
        return load_text(body), ()
    first, *below = load_message(body).blocks
    assert isinstance(first, Paragraph)
    return first.text, tuple(below)
