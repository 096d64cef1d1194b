"""The outbox: deliveries until they have arrived, and where the bot's messages are."""

import json
import secrets
import sqlite3
from collections.abc import Collection, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import sqlalchemy as sa
from sqlalchemy import Integer, delete, func, or_, update
from sqlmodel import col, select

from bot.core.codec import dump_effects, load_effect
from bot.core.effects import Archive, Below, Effect, In, Pin, RemoveMember, Show, Withdraw
from bot.core.errors import Why
from bot.core.events import PostHeld
from bot.core.people import MessageRef, Place
from bot.core.quoting import quotes
from bot.core.turn import Held, Outgoing
from bot.runtime.ports import LEASE, ClaimedDelivery, DeadDelivery, NewDelivery
from storage.sql.clauses import among, given, in_state
from storage.sql.gone import for_good
from storage.sql.mapper import Mapper
from storage.sql.schema import Utc
from storage.sql.statements import Change, Insert, Query, Update
from storage.sql.store import Store
from storage.tables.outbox import IS_OPEN, OutboxRow, RefRow

KEPT = timedelta(days=14)
IN_ORDER = 3
"""After so many failed tries, about half a minute, a message waits for itself alone. Until then its conversation waits
with it: what comes later would stand before it, or be read by somebody whom it was to remove."""

FILTERED = "filtered: "
"""How a stored failure begins that lies in the words of a message: it waits for itself alone at once."""

KEY_BYTES = 10
"""Random bytes in the key of a delivery."""


# Compiled once: these run at every tick.
_WAITING, _SENDING, _HELD = (in_state(OutboxRow.state, state) for state in ("waiting", "sending", "held"))


_WORKSPACES = Query(
    select(OutboxRow.workspace)
    .where(_WAITING, col(OutboxRow.not_before) <= sa.bindparam("now", type_=Utc))
    .union(select(OutboxRow.workspace).where(_SENDING, col(OutboxRow.lease_until) <= sa.bindparam("now", type_=Utc)))
)
# The first of each conversation.
_FREE = (*given(OutboxRow.workspace), ~among(OutboxRow.lane, "busy"))
_FIRST = Query(
    select(func.min(OutboxRow.id))
    .where(_WAITING, *_FREE, col(OutboxRow.not_before) <= sa.bindparam("now", type_=Utc))
    .group_by(col(OutboxRow.lane))
    .order_by(func.max(sa.cast(OutboxRow.answers, Integer)).desc(), func.min(OutboxRow.id))
    .limit(sa.bindparam("limit", type_=Integer))
)
_LAPSED = Query(
    select(func.min(OutboxRow.id))
    .where(_SENDING, *_FREE, col(OutboxRow.lease_until) <= sa.bindparam("now", type_=Utc))
    .group_by(col(OutboxRow.lane))
    .limit(sa.bindparam("limit", type_=Integer))
)
_TAKE = Query(
    select(OutboxRow)
    .where(among(OutboxRow.id, "ids"), in_state(OutboxRow.state, "waiting", "sending"))
    .with_for_update(skip_locked=True)
)
_SEND = Change(
    update(OutboxRow).where(among(OutboxRow.id, "ids")).values(state="sending", lease_until=sa.bindparam("lease"))
)
_ADD, _STAND = Insert(OutboxRow), Insert(RefRow)
_OPEN = Query(
    sa.select(
        col(OutboxRow.id),
        col(OutboxRow.anchor),
        col(OutboxRow.state),
        col(OutboxRow.unclear),
        col(OutboxRow.told),
        col(OutboxRow.actor),
    )
    .where(among(OutboxRow.anchor, "anchors"), IS_OPEN)
    .order_by(col(OutboxRow.id))
)
_REFS = Query(
    select(RefRow.anchor, RefRow.workspace, RefRow.channel, RefRow.message)
    .where(among(RefRow.anchor, "anchors"))
    .order_by(col(RefRow.part))
)
_SHOWN = Query(
    sa.union(
        sa.select(col(RefRow.anchor)).where(among(RefRow.anchor, "anchors")),
        sa.select(col(OutboxRow.anchor)).where(
            among(OutboxRow.anchor, "anchors"), IS_OPEN, col(OutboxRow.state) != "dead"
        ),
    )
)
_NOT_THERE = Query(
    sa.select(col(OutboxRow.anchor), col(OutboxRow.created_at), col(OutboxRow.error), col(OutboxRow.state))
    .where(IS_OPEN, *given(OutboxRow.cohort), col(OutboxRow.person).is_(None))
    .where(col(OutboxRow.anchor).between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(col(OutboxRow.id))
)
_OUTGOING = Query(
    sa.select(
        col(OutboxRow.id),
        col(OutboxRow.lane),
        col(OutboxRow.person),
        col(OutboxRow.state),
        col(OutboxRow.error),
        col(OutboxRow.created_at),
        col(OutboxRow.not_before),
    )
    # Without an order: with one, SQLite reads all that was ever sent, in that order.
    .where(IS_OPEN, *given(OutboxRow.cohort), col(OutboxRow.anchor) >= "")
)
_FORGET_REFS = Change(delete(RefRow).where(among(RefRow.anchor, "anchors")))
_FOLD = Update(OutboxRow, "body", "lane", "person")
# A closed delivery has no body: what a person deletes later must not remain here.
_CLOSE = Change(
    update(OutboxRow)
    .where(among(OutboxRow.id, "ids"))
    .values(state=sa.bindparam("closed"), error="", lease_until=None, body="", actor=None)
)
_DROP_DEAD = Change(update(OutboxRow).where(among(OutboxRow.id, "ids")).values(state="dropped", body=""))
_of_cohort = sa.select(col(OutboxRow.id), col(OutboxRow.person), col(OutboxRow.body), col(OutboxRow.told)).where(
    *given(OutboxRow.cohort)
)
# Few rows wait and many were sent: with these bounds a database reads only the waiting ones.
_UNSENT = Query(
    sa.union_all(
        _of_cohort.where(_WAITING, col(OutboxRow.not_before) >= sa.literal(datetime.min.replace(tzinfo=UTC), Utc)),
        _of_cohort.where(_HELD, col(OutboxRow.held_on) > ""),
    )
)
_PAUSES = Query(
    select(
        OutboxRow.workspace,
        OutboxRow.lane,
        func.max(OutboxRow.not_before),
        func.max(sa.cast(OutboxRow.blocked, Integer)),
    )
    .where(
        _WAITING,
        among(OutboxRow.lane, "lanes"),
        OutboxRow.not_before > sa.bindparam("now", type_=Utc),
        or_(
            sa.and_(col(OutboxRow.tries) <= IN_ORDER, ~col(OutboxRow.error).startswith(FILTERED)),
            col(OutboxRow.blocked),
        ),
    )
    .group_by(col(OutboxRow.workspace), col(OutboxRow.lane))
)
_ANCHOR = Query(select(RefRow.anchor).where(*given(RefRow.workspace, RefRow.channel, RefRow.message)).limit(1))
_SENDING_TO = Query(
    select(OutboxRow.id)
    .where(
        _SENDING,
        *given(OutboxRow.workspace),
        or_(col(OutboxRow.lane) == sa.bindparam("lane"), col(OutboxRow.person).is_not(None)),
        col(OutboxRow.lease_until) <= sa.bindparam("until", type_=Utc),
        OutboxRow.anchor != "",
        col(OutboxRow.anchor).not_in(select(RefRow.anchor)),
    )
    .limit(1)
)
# Releases what was held for an anchor: its next edit, and the messages below it.
_RELEASE = Change(
    update(OutboxRow).where(among(OutboxRow.held_on, "anchors"), _HELD).values(state="waiting", held_on=None)
)
# Until its root is posted, what belongs below it is a conversation of its own.
_JOIN = Change(
    update(OutboxRow)
    .where(_HELD, col(OutboxRow.held_on) == sa.bindparam("anchor"), col(OutboxRow.lane) == sa.bindparam("anchor"))
    .values(workspace=sa.bindparam("workspace"), lane=sa.bindparam("channel"))
)
NEXT_AT = (
    select(func.min(OutboxRow.not_before)).where(_WAITING),
    select(func.min(OutboxRow.lease_until)).where(_SENDING),
)


@dataclass(slots=True)
class _Open:
    """A row that was not delivered yet: stored (`id`), or still to be inserted (`row`)."""

    id: int
    state: str
    unclear: bool
    told: bool
    actor: int | None
    row: dict[str, Any] | None = None


_DEAD = Mapper(DeadDelivery, OutboxRow)


class SqlOutbox(Store):
    """The `Outbox` of bot/runtime/ports.py, over tables."""

    def put(self, deliveries: Sequence[NewDelivery], now: datetime) -> Sequence[PostHeld]:
        if not deliveries:
            return ()
        anchors = {_anchor(delivery.effect) for delivery in deliveries} - {""}
        roots = {root for delivery in deliveries if (root := _root(delivery.effect))}
        posted = set(self._refs(anchors | roots))
        now_shown = {delivery.effect.anchor for delivery in deliveries if isinstance(delivery.effect, Show)}
        open_rows: dict[str, list[_Open]] = {}
        dead: dict[str, list[int]] = {}
        if anchors:
            for id, anchor, state, unclear, told, actor in _OPEN.all(self._session, anchors=anchors):
                if state == "dead":
                    dead.setdefault(anchor, []).append(id)
                else:
                    open_rows.setdefault(anchor, []).append(_Open(id, state, unclear, told, actor))
        pauses = self._pauses({delivery.lane for delivery in deliveries}, now)
        fresh: list[dict[str, Any]] = []
        held: list[PostHeld] = []
        taken_back = [e.anchor for d in deliveries if isinstance(e := d.effect, Withdraw) and e.anchor in dead]
        held += self._posts([id for anchor in taken_back for id in dead[anchor]], "dropped", now)
        if dead:
            _DROP_DEAD.run(self._session, ids=[id for ids in dead.values() for id in ids])
        bodies = dump_effects([delivery.effect for delivery in deliveries])
        keys = secrets.token_hex(KEY_BYTES * len(deliveries))
        for n, delivery in enumerate(deliveries):
            anchor = _anchor(delivery.effect)
            before = open_rows.setdefault(anchor, []) if anchor else []
            if isinstance(delivery.effect, Withdraw):
                held += self._posts([row.id for row in before if row.told], "dropped", now)
            if self._folded(delivery, bodies[n], before, anchor in posted, fresh, held, pauses, now):
                continue
            not_before, blocked = pauses.get((delivery.workspace, delivery.lane), (now, False))
            row = {
                "key": keys[2 * KEY_BYTES * n : 2 * KEY_BYTES * (n + 1)],
                "anchor": anchor,
                "held_on": None,
                "lane": delivery.lane,
                "workspace": delivery.workspace,
                "person": delivery.person,
                "cohort": delivery.cohort,
                "body": bodies[n],
                "state": "waiting",
                "tries": 0,
                "unclear": False,
                "not_before": not_before,
                "lease_until": None,
                "created_at": now,
                "error": "",
                "actor": delivery.actor,
                "blocked": blocked,
                "told": False,
                "answers": delivery.answers,
            }
            root = _root(delivery.effect)
            below = bool(root) and root not in posted and anchor not in posted
            tells = isinstance(delivery.effect, Show) and delivery.person is None
            if tells and (blocked or (below and root not in now_shown)):
                row["told"] = True
                if blocked:
                    held.append(_waits(delivery, anchor in posted, now))
            if any(r.state == "sending" or r.unclear for r in before):
                row |= {"state": "held", "held_on": anchor}
            elif below:
                row |= {"state": "held", "held_on": root}
            fresh.append(row)
            before.append(_Open(0, str(row["state"]), False, bool(row["told"]), delivery.actor, row))
        if fresh:
            _ADD.run_all(self._session, fresh)
        return held

    def _posts(self, ids: Sequence[int], state: Literal["lost", "dropped"], now: datetime) -> list[PostHeld]:
        """What people have to hear of posts of theirs that waited, and wait no longer."""
        found = self._session.exec(select(OutboxRow).where(col(OutboxRow.id).in_(ids))).all() if ids else ()
        return [
            PostHeld(
                place=Place(row.workspace, row.lane),
                anchor=row.anchor,
                person=row.actor,
                state=state,
                since=row.created_at,
                at=now,
                cohort=row.cohort,
            )
            for row in found
            if row.told and row.actor is not None and row.anchor and not self.ref(row.anchor)
        ]

    def _pauses(self, lanes: set[str], now: datetime) -> dict[tuple[str, str], tuple[datetime, bool]]:
        """Until when each conversation is rate limited or (True) takes nothing: new deliveries to it also wait."""
        found = _PAUSES.all(self._session, lanes=lanes, now=now)
        return {(workspace, lane): (at, bool(blocked)) for workspace, lane, at, blocked in found}

    def _folded(
        self,
        delivery: NewDelivery,
        body: str,
        before: list[_Open],
        posted: bool,
        fresh: list[dict[str, Any]],
        held: list[PostHeld],
        pauses: Mapping[tuple[str, str], tuple[datetime, bool]],
        now: datetime,
    ) -> bool:
        """Whether a row that was not delivered yet was replaced by the delivery. A row that waits for itself alone is
        tried at once with its new words."""
        effect = delivery.effect
        free = before and [r for r in before if r.state in ("waiting", "held") and not r.unclear]
        if isinstance(effect, Show) and free:
            last = free[-1]
            taken = {"body": body, "lane": delivery.lane, "person": delivery.person}
            if last.row is not None:
                last.row.update(taken)
            else:
                _FOLD.row(self._session, last.id, **taken)
                if last.told and delivery.person is None:
                    held += self._reworded(last, delivery, posted, pauses, now)
            return True
        if isinstance(effect, Withdraw):
            for row in free:
                if row.row is None:
                    self._close([row.id], "dropped")
                else:
                    fresh.remove(row.row)
                before.remove(row)
            if not posted and not before:
                held += self._drop_below(effect.anchor, fresh, now)
                return True
        return False

    def _reworded(
        self,
        row: _Open,
        delivery: NewDelivery,
        posted: bool,
        pauses: Mapping[tuple[str, str], tuple[datetime, bool]],
        now: datetime,
    ) -> list[PostHeld]:
        """The newer words of a post that waits: tried now if nothing else keeps them, else told as they are."""
        at, blocked = pauses.get((delivery.workspace, delivery.lane), (now, False))
        if blocked or row.state == "held":
            return [_waits(delivery, posted, now)] if blocked and row.actor == delivery.actor else []
        self._update(OutboxRow, OutboxRow.id == row.id, not_before=at, tries=0)
        return []

    def _drop_below(self, root: str, fresh: list[dict[str, Any]], now: datetime) -> list[PostHeld]:
        """Drops the messages below a root that will never be posted."""
        fresh[:] = [row for row in fresh if row["held_on"] != root]
        below = select(OutboxRow.id).where(OutboxRow.held_on == root, _HELD)
        held = self._posts([id for id in self._session.exec(below).all() if id is not None], "dropped", now)
        self._update(OutboxRow, OutboxRow.held_on == root, _HELD, state="dropped", body="")
        return held

    def workspaces(self, now: datetime) -> Sequence[str]:
        return sorted(workspace for (workspace,) in _WORKSPACES.all(self._session, now=now))

    def claim(self, workspace: str, busy: Collection[str], limit: int, now: datetime) -> Sequence[ClaimedDelivery]:
        free = {"workspace": workspace, "busy": busy, "now": now, "limit": limit}
        lapsed = _TAKE.all(self._session, ids=_LAPSED.all(self._session, **free))
        free |= {"busy": [*busy, *(row.lane for row in lapsed)], "limit": limit - len(lapsed)}
        first = _FIRST.all(self._session, **free)
        order = {id: n for n, id in enumerate(first)}
        taken = [*lapsed, *sorted(_TAKE.all(self._session, ids=first), key=lambda row: order[row.id])]
        if not taken:
            return []
        _SEND.run(self._session, ids=[row.id for row in taken], lease=now + LEASE)
        refs = self._refs({row.anchor for row in taken} - {""})
        return [
            ClaimedDelivery(
                row.id,
                row.key,
                row.lane,
                row.workspace,
                load_effect(row.body),
                row.person,
                row.tries,
                row.unclear or row.state == "sending",
                row.created_at,
                refs.get(row.anchor, ()),
                row.actor,
                row.blocked,
                row.told,
                row.cohort,
            )
            for row in taken
        ]

    def recover(self, now: datetime) -> None:
        # A SQLite file belongs to one running bot. On PostgreSQL another worker may be sending: the lease decides.
        if self._session.get_bind().dialect.name == "sqlite":
            self._update(OutboxRow, _SENDING, lease_until=now)

    def call_in(self, latest: datetime, lease_until: datetime) -> None:
        self._update(OutboxRow, _SENDING, col(OutboxRow.lease_until) > lease_until, lease_until=lease_until)
        self._update(OutboxRow, _WAITING, OutboxRow.not_before > latest, not_before=latest)

    def sent(self, delivered: Sequence[tuple[ClaimedDelivery, Sequence[MessageRef]]]) -> None:
        if not delivered:
            return
        self._close([claimed.id for claimed, _ in delivered], "sent")
        effects = [(claimed.effect, refs) for claimed, refs in delivered]
        kept = {effect.anchor: refs for effect, refs in effects if isinstance(effect, Show | Withdraw)}
        stand = [
            {"anchor": anchor, "part": part, "workspace": ref.workspace, "channel": ref.channel, "message": ref.id}
            for anchor, refs in kept.items()
            for part, ref in enumerate(refs)
        ]
        if kept:
            _FORGET_REFS.run(self._session, anchors=kept)
        if stand:
            _STAND.run_all(self._session, stand)
            _JOIN.run_all(self._session, [row for row in stand if row["part"] == 0])
        self._release(kept)

    def again(self, claimed: ClaimedDelivery, at: datetime, error: str, counts: bool, unclear: bool) -> None:
        self._update(
            OutboxRow,
            OutboxRow.id == claimed.id,
            state="waiting",
            not_before=at,
            tries=claimed.tries + (1 if counts else 0),
            unclear=unclear or claimed.recheck,
            error=error,
            lease_until=None,
        )
        if not counts or (claimed.tries < IN_ORDER and not error.startswith(FILTERED)):
            # Later messages of the conversation keep their place.
            lane = (OutboxRow.lane == claimed.lane, OutboxRow.workspace == claimed.workspace)
            self._update(OutboxRow, *lane, _WAITING, OutboxRow.not_before < at, not_before=at)

    def note_told(self, claimed: ClaimedDelivery) -> None:
        self._update(OutboxRow, OutboxRow.id == claimed.id, told=True)

    def block(self, claimed: ClaimedDelivery, at: datetime, error: str) -> None:
        self.again(claimed, at, error, counts=True, unclear=False)
        self._update(OutboxRow, OutboxRow.id == claimed.id, blocked=True)

    def is_blocked(self, place: Place) -> bool:
        lane = (OutboxRow.lane == place.channel, OutboxRow.workspace == place.workspace, _WAITING)
        return self._session.exec(select(OutboxRow.id).where(*lane, col(OutboxRow.blocked))).first() is not None

    def reopen(self, place: Place, instead: Place, now: datetime) -> None:
        lane = (OutboxRow.lane == place.channel, OutboxRow.workspace == place.workspace, _WAITING)
        for row in self._session.exec(select(OutboxRow).where(*lane)).all():
            effect = load_effect(row.body)
            if (
                place != instead
                and isinstance(effect, Show)
                and effect.target == In(place)
                and not self.ref(row.anchor)
            ):
                row.body = dump_effects([replace(effect, target=In(instead))])[0]
                row.lane = instead.channel
            row.not_before, row.tries = now, 0
        self._session.flush()

    def move(self, place: Place, to: Place) -> None:
        lane = (OutboxRow.lane == place.channel, OutboxRow.workspace == place.workspace, IS_OPEN)
        for row in self._session.exec(select(OutboxRow).where(*lane)).all():
            row.body, row.lane = _moved(row.body, place, to), to.channel
        self._session.flush()

    def dead(self, claimed: ClaimedDelivery, error: str) -> None:
        self._update(OutboxRow, OutboxRow.id == claimed.id, state="dead", error=error, lease_until=None)
        anchor = _anchor(claimed.effect)
        if claimed.refs:
            self._release([anchor])
            return
        # Messages below it stay held until the operator's retry has posted the root; a newer wording of the same anchor
        # is tried independently.
        newer = (OutboxRow.anchor == anchor, OutboxRow.held_on == anchor, _HELD)
        self._update(OutboxRow, *newer, state="waiting", held_on=None)

    def end_held(self, before: datetime, now: datetime, error: str) -> tuple[int, Sequence[PostHeld]]:
        waiting = select(OutboxRow.anchor).where(or_(_WAITING, _SENDING))
        late = (
            _HELD,
            col(OutboxRow.held_on) > "",
            OutboxRow.created_at < before,
            col(OutboxRow.held_on).not_in(waiting),
        )
        found = self._session.exec(select(OutboxRow).where(*late)).all()
        above = select(OutboxRow).where(col(OutboxRow.anchor).in_({row.held_on for row in found}))
        roots = {row.anchor: Place(row.workspace, row.lane) for row in self._session.exec(above)} if found else {}
        held = [
            PostHeld(
                place=place,
                anchor=row.anchor,
                person=row.actor,
                state="lost",
                since=row.created_at,
                at=now,
                cohort=row.cohort,
            )
            for row in found
            if row.actor is not None and row.anchor and (place := roots.get(row.held_on or "")) is not None
        ]
        # A reply that the operator's retry posts after all corrects what its author was told.
        ids = [row.id for row in found]
        self._update(OutboxRow, col(OutboxRow.id).in_(ids), state="dead", error=error, blocked=True, told=True)
        return len(ids), held

    def next_at(self) -> datetime | None:
        waiting, leased = (self._session.exec(query).one() for query in NEXT_AT)
        return min((t for t in (waiting, leased) if t is not None), default=None)

    def drop(self, now: datetime, *, cohort: int, person: int | None = None) -> Sequence[PostHeld]:
        found = _UNSENT.all(self._session, cohort=cohort)
        theirs = [(id, body, told) for id, whose, body, told in found if person in (None, whose)]
        # Deletions are still carried out, and so are removals of members from a channel that is closed.
        stays = Withdraw | RemoveMember | Archive
        dropped = [(id, told) for id, body, told in theirs if not isinstance(load_effect(body), stays)]
        held = self._posts([id for id, told in dropped if told], "lost", now)
        self._close([id for id, _ in dropped], "dropped")
        return held

    def dropped(self, claimed: ClaimedDelivery) -> None:
        self._close([claimed.id], "dropped")

    def ref(self, anchor: str) -> MessageRef | None:
        return self.refs([anchor]).get(anchor)

    def refs(self, anchors: Collection[str]) -> Mapping[str, MessageRef]:
        return {anchor: found[0] for anchor, found in self._refs(anchors).items()}

    def shown(self, anchors: Collection[str]) -> Set[str]:
        return {anchor for (anchor,) in _SHOWN.all(self._session, anchors=anchors)}

    def told(self, person: int) -> Mapping[str, MessageRef]:
        sent = select(OutboxRow.anchor).where(OutboxRow.person == person, OutboxRow.anchor != "")
        place = (col(RefRow.workspace), col(RefRow.channel))
        there = self._session.execute(sa.select(*place).where(col(RefRow.anchor).in_(sent)).distinct()).all()
        found: set[str] = set()
        for workspace, channel in there:
            here = (RefRow.workspace == workspace, RefRow.channel == channel)
            found |= {*self._session.exec(select(RefRow.anchor).where(*here))}
        return self.refs(found)

    def held(self, cohort: int, beginning: str) -> Mapping[str, Held]:
        found = _NOT_THERE.all(self._session, cohort=cohort, first=beginning, last=beginning + "\uffff")
        posted = self._refs({anchor for anchor, *_ in found}) if found else {}
        return {
            anchor: Held(at, _why(error), state == "dead") for anchor, at, error, state in found if anchor not in posted
        }

    def outgoing(self, cohort: int) -> Sequence[Outgoing]:
        groups: dict[tuple[str | None, Any, str], list[tuple[int, datetime, datetime]]] = {}
        for id, lane, person, state, error, since, again in sorted(_OUTGOING.all(self._session, cohort=cohort)):
            kind = (lane if person is None else None, state, _why(error) or error)
            groups.setdefault(kind, []).append((id, since, again))
        return [
            Outgoing(
                channel,
                state,
                min(since for _id, since, _again in rows),
                min(again for _id, _since, again in rows),
                why,
                [id for id, _since, _again in rows],
            )
            for (channel, state, why), rows in groups.items()
        ]

    def anchor(self, workspace: str, channel: str, message: str) -> str | None:
        return _ANCHOR.first(self._session, workspace=workspace, channel=channel, message=message)

    def sending_to(self, place: Place, since: datetime) -> bool:
        there = {"workspace": place.workspace, "lane": place.channel, "until": since + LEASE}
        return _SENDING_TO.first(self._session, **there) is not None

    def dead_deliveries(self) -> Sequence[DeadDelivery]:
        return self._values(_DEAD, select(OutboxRow).where(OutboxRow.state == "dead").order_by(col(OutboxRow.id)))

    def forget_texts(self, texts: Collection[str]) -> Sequence[str]:
        dead = self._session.exec(select(OutboxRow).where(OutboxRow.state == "dead")).all()
        gone = {row.id: row.anchor for row in dead if _quotes_one(json.loads(row.body), texts)}
        if gone:
            for_good(self._session)
            _DROP_DEAD.run(self._session, ids=list(gone))
        return sorted({anchor for anchor in gone.values() if anchor})

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        dead: list[Any] = [OutboxRow.state == "dead"]
        if ids is not None:
            dead.append(col(OutboxRow.id).in_(ids))
        again = {"tries": 0, "not_before": now, "created_at": now}
        free = or_(col(OutboxRow.held_on).is_(None), col(OutboxRow.held_on).in_(select(RefRow.anchor)))
        count = self._update(OutboxRow, *dead, free, state="waiting", held_on=None, **again)
        return count + self._update(OutboxRow, *dead, state="held", **again)

    def counts(self) -> Mapping[str, int]:
        return self._pairs(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))

    def forget(self, now: datetime) -> None:
        self._delete(OutboxRow, col(OutboxRow.state).in_(("sent", "dropped")), OutboxRow.created_at < now - KEPT)

    def _close(self, rows: Sequence[int], state: str) -> None:
        if rows:
            _CLOSE.run(self._session, ids=rows, closed=state)

    def _release(self, anchors: Collection[str]) -> None:
        if found := [anchor for anchor in anchors if anchor]:
            _RELEASE.run(self._session, anchors=found)

    def _refs(self, anchors: Collection[str]) -> dict[str, tuple[MessageRef, ...]]:
        found: dict[str, tuple[MessageRef, ...]] = {}
        for anchor, *where in _REFS.all(self._session, anchors=anchors):
            found[anchor] = (*found.get(anchor, ()), MessageRef(*where))
        return found


def _quotes_one(stored: Any, texts: Collection[str]) -> bool:
    """Whether a text anywhere in stored JSON quotes one of `texts`."""
    if isinstance(stored, str):
        return any(quotes(stored, text) for text in texts if text.strip())
    parts = stored.values() if isinstance(stored, dict) else stored if isinstance(stored, list) else ()
    return any(_quotes_one(part, texts) for part in parts)


def _moved(body: str, place: Place, to: Place) -> str:
    """A stored effect with the channel's other id, wherever it names a place or a message there."""

    def read(found: dict[str, Any]) -> dict[str, Any]:
        is_there = (found.get("workspace"), found.get("channel")) == (place.workspace, place.channel)
        return {**found, "channel": to.channel} if is_there else found

    return json.dumps(json.loads(body, object_hook=read), ensure_ascii=False, separators=(",", ":"))


def _waits(delivery: NewDelivery, change: bool, now: datetime) -> PostHeld:
    """A post, or a change of one, waits behind others or below one that is not there."""
    return PostHeld(
        place=Place(delivery.workspace, delivery.lane),
        anchor=_anchor(delivery.effect),
        person=delivery.actor,
        state="waits",
        since=now,
        at=now,
        cohort=delivery.cohort,
        why="forbidden",
        change=change,
    )


def _why(error: str) -> str:
    """The `Why` at the beginning of a stored failure; '' if there is none."""
    why, colon, _ = error.partition(": ")
    return why if colon and why in get_args(Why) else ""


def _anchor(effect: Effect) -> str:
    return effect.anchor if isinstance(effect, Show | Withdraw) else ""


def _root(effect: Effect) -> str:
    """The anchor that must be posted before this can be done; '' if there is none."""
    if isinstance(effect, Pin):
        return effect.anchor
    return effect.target.anchor if isinstance(effect, Show) and isinstance(effect.target, Below) else ""


def doubt(file: Path) -> None:
    """For a restored database: deliveries that were on their way when the copy was made may have arrived since. So the
    platform is asked first, as after a lost answer."""
    with closing(sqlite3.connect(file)) as db, db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if OutboxRow.__tablename__ in tables:
            db.execute(
                f"UPDATE {OutboxRow.__tablename__} SET unclear = 1 WHERE state IN ('waiting', 'held', 'sending')"
            )
