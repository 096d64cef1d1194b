"""What goes out: letters until they are delivered, and where the bot's messages stand."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, Integer, Text, and_, bindparam, delete, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.core.codec import dump_effect, load_effect
from bot.core.effects import Below, Effect, Show, Withdraw
from bot.core.people import MessageRef
from bot.runtime.ports import DeadLetter, Letter, Parcel
from storage.schema import Utc, instant, maybe_instant

KEPT = timedelta(days=14)


class OutboxRow(SQLModel, table=True):
    """State: waiting, held (for `held_on`'s message to be posted), sending, sent, dropped or dead."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state", "state", "id"),
        Index("ix_outbox_anchor", "anchor", "state"),
        Index("ix_outbox_held", "held_on"),
        Index("ix_outbox_cohort", "cohort", "state"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str
    anchor: str
    held_on: str | None = None
    lane: str
    workspace: str
    person: int | None = None
    cohort: int | None = None
    body: str = Field(sa_type=Text)
    state: str = "waiting"
    tries: int = 0
    unclear: bool = False
    not_before: datetime = instant()
    lease_until: datetime | None = maybe_instant()
    created_at: datetime = instant()
    error: str = ""


class RefRow(SQLModel, table=True):
    """Where the message of an anchor stands; several parts where it was split."""

    __tablename__ = "refs"
    __table_args__ = (Index("ix_refs_message", "workspace", "channel", "message"),)
    anchor: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    workspace: str
    channel: str
    message: str


# Built once: these run at every tick, and building a statement costs more than running it.
_CLAIM = (
    select(OutboxRow)
    .where(
        or_(
            and_(col(OutboxRow.state) == "waiting", col(OutboxRow.not_before) <= bindparam("now", type_=Utc)),
            and_(col(OutboxRow.state) == "sending", col(OutboxRow.lease_until) <= bindparam("now", type_=Utc)),
        )
    )
    .order_by(col(OutboxRow.id))
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
)
NEXT_AT = (
    select(func.min(OutboxRow.not_before)).where(OutboxRow.state == "waiting"),
    select(func.min(OutboxRow.lease_until)).where(OutboxRow.state == "sending"),
)


class OutboxTable:
    """The `Outbox` of bot/runtime/ports.py, over tables."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, letters: Sequence[Letter], now: datetime) -> None:
        if not letters:
            return
        anchors = {_anchor(letter.effect) for letter in letters} - {""}
        if anchors:
            self._drop_dead(anchors)
        roots = {e.target.anchor for e in _shows(letters) if isinstance(e.target, Below)}
        posted = set(self._session.exec(select(RefRow.anchor).where(col(RefRow.anchor).in_(anchors | roots))))
        open_rows: dict[str, list[OutboxRow]] = {}
        for row in self._session.exec(
            select(OutboxRow)
            .where(col(OutboxRow.anchor).in_(anchors), col(OutboxRow.state).in_(("waiting", "held", "sending")))
            .order_by(col(OutboxRow.id))
        ):
            open_rows.setdefault(row.anchor, []).append(row)
        pauses = self._pauses({letter.lane for letter in letters}, now)
        for letter in letters:
            anchor = _anchor(letter.effect)
            before = open_rows.setdefault(anchor, []) if anchor else []
            if self._folded(letter, before, anchor in posted):
                continue
            row = OutboxRow(
                key=secrets.token_hex(10),
                anchor=anchor,
                lane=letter.lane,
                workspace=letter.workspace,
                person=letter.person,
                cohort=letter.cohort,
                body=dump_effect(letter.effect),
                not_before=pauses.get((letter.workspace, letter.lane), now),
                created_at=now,
            )
            target = letter.effect.target if isinstance(letter.effect, Show) else None
            if any(r.state == "sending" or r.unclear for r in before):
                row.state, row.held_on = "held", anchor
            elif isinstance(target, Below) and target.anchor not in posted and anchor not in posted:
                row.state, row.held_on = "held", target.anchor
            self._session.add(row)
            before.append(row)
        self._session.flush()

    def _pauses(self, lanes: set[str], now: datetime) -> dict[tuple[str, str], datetime]:
        """Until when the platform asked to wait in a conversation: what is put in meanwhile waits too."""
        query = (
            select(OutboxRow.workspace, OutboxRow.lane, func.max(OutboxRow.not_before))
            .where(
                OutboxRow.state == "waiting",
                col(OutboxRow.lane).in_(lanes),
                OutboxRow.not_before > now,
                # A row that never failed waits for nothing else.
                OutboxRow.tries == 0,
            )
            .group_by(col(OutboxRow.workspace), col(OutboxRow.lane))
        )
        return {(workspace, lane): at for workspace, lane, at in self._session.exec(query)}

    def _folded(self, letter: Letter, before: list[OutboxRow], posted: bool) -> bool:
        """Whether a row that has not gone out yet could take the letter in."""
        effect = letter.effect
        free = [r for r in before if r.state in ("waiting", "held") and not r.unclear]
        if isinstance(effect, Show) and free:
            last = free[-1]
            last.body, last.lane, last.person = dump_effect(effect), letter.lane, letter.person
            return True
        if isinstance(effect, Withdraw):
            for row in free:
                row.state, row.body = "dropped", ""
                before.remove(row)
            if not posted and not before:
                self._drop_below(effect.anchor)
                return True
        return False

    def _drop_dead(self, anchors: set[str]) -> None:
        """What was given up is overtaken by what is said after it: a retry must not bring old words back."""
        self._session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.anchor).in_(anchors), col(OutboxRow.state) == "dead")
            .values(state="dropped", body="")
        )

    def _drop_below(self, root: str) -> None:
        """What hangs below a root that will never be posted."""
        self._session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.held_on) == root, col(OutboxRow.state) == "held")
            .values(state="dropped", body="")
        )

    def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[Parcel]:
        rows = list(self._session.exec(_CLAIM, params={"now": now, "limit": limit}))
        if not rows:
            return []
        refs = self._refs({r.anchor for r in rows})
        parcels = []
        taken: set[str] = set()
        for row in rows:
            assert row.id is not None
            if row.anchor and row.anchor in taken:
                continue
            taken.add(row.anchor)
            parcels.append(
                Parcel(
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
                )
            )
            row.state, row.lease_until = "sending", lease_until
        self._session.flush()
        return parcels

    def recover(self, now: datetime) -> None:
        # A SQLite file belongs to one running bot. On PostgreSQL another worker may be sending: the lease decides.
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.exec(update(OutboxRow).where(col(OutboxRow.state) == "sending").values(lease_until=now))

    def sent(self, parcel: Parcel, refs: Sequence[MessageRef], now: datetime) -> None:
        anchor = _anchor(parcel.effect)
        self._close(parcel.id, "sent")
        if isinstance(parcel.effect, Show | Withdraw):
            self._session.exec(delete(RefRow).where(col(RefRow.anchor) == anchor))
            for part, ref in enumerate(refs):
                self._session.add(
                    RefRow(anchor=anchor, part=part, workspace=ref.workspace, channel=ref.channel, message=ref.id)
                )
            self._session.flush()
        self._release(anchor)

    def again(self, parcel: Parcel, at: datetime, error: str, counts: bool, unclear: bool) -> None:
        self._session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.id) == parcel.id)
            .values(
                state="waiting",
                not_before=at,
                tries=parcel.tries + (1 if counts else 0),
                unclear=unclear or parcel.recheck,
                error=error,
                lease_until=None,
            )
        )
        if not counts:
            # The platform asks to wait: what comes after it in the conversation keeps its place.
            self._session.exec(
                update(OutboxRow)
                .where(
                    col(OutboxRow.lane) == parcel.lane,
                    col(OutboxRow.workspace) == parcel.workspace,
                    col(OutboxRow.state) == "waiting",
                    col(OutboxRow.not_before) < at,
                )
                .values(not_before=at)
            )

    def dead(self, parcel: Parcel, error: str) -> None:
        self._close(parcel.id, "dead", error)
        anchor = _anchor(parcel.effect)
        if parcel.refs:
            self._release(anchor)
            return
        # What hangs below it stays held, and goes once the operator's retry has brought the root; a newer
        # wording of the same anchor tries for itself.
        self._session.exec(
            update(OutboxRow)
            .where(col(OutboxRow.anchor) == anchor, col(OutboxRow.held_on) == anchor, col(OutboxRow.state) == "held")
            .values(state="waiting", held_on=None)
        )

    def next_at(self) -> datetime | None:
        waiting, leased = (self._session.exec(query).one() for query in NEXT_AT)
        return min((t for t in (waiting, leased) if t is not None), default=None)

    def drop(self, *, cohort: int, person: int | None = None) -> None:
        query = select(OutboxRow).where(OutboxRow.cohort == cohort, col(OutboxRow.state).in_(("waiting", "held")))
        if person is not None:
            query = query.where(OutboxRow.person == person)
        for row in self._session.exec(query):
            # What somebody deleted still goes.
            if not isinstance(load_effect(row.body), Withdraw):
                row.state, row.body = "dropped", ""

    def dropped(self, parcel: Parcel) -> None:
        self._close(parcel.id, "dropped")

    def ref(self, anchor: str) -> MessageRef | None:
        found = self._refs({anchor}).get(anchor)
        return found[0] if found else None

    def anchor(self, workspace: str, channel: str, message: str) -> str | None:
        query = select(RefRow.anchor).where(
            RefRow.workspace == workspace, RefRow.channel == channel, RefRow.message == message
        )
        return self._session.exec(query).first()

    def sending_to(self, workspace: str, channel: str) -> bool:
        query = select(OutboxRow.id).where(
            OutboxRow.state == "sending",
            OutboxRow.workspace == workspace,
            or_(col(OutboxRow.lane) == channel, col(OutboxRow.person).is_not(None)),
        )
        return self._session.exec(query.limit(1)).first() is not None

    def dead_letters(self) -> Sequence[DeadLetter]:
        rows = self._session.exec(select(OutboxRow).where(OutboxRow.state == "dead").order_by(col(OutboxRow.id)))
        return [DeadLetter(r.id or 0, r.anchor, r.lane, r.error, r.created_at) for r in rows]

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        change = update(OutboxRow).where(col(OutboxRow.state) == "dead")
        if ids is not None:
            change = change.where(col(OutboxRow.id).in_(ids))
        return self._session.exec(change.values(state="waiting", tries=0, not_before=now, created_at=now)).rowcount

    def counts(self) -> Mapping[str, int]:
        query = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
        return dict(self._session.exec(query).all())

    def forget(self, now: datetime) -> None:
        self._session.exec(
            delete(OutboxRow).where(
                col(OutboxRow.state).in_(("sent", "dropped")), col(OutboxRow.created_at) < now - KEPT
            )
        )

    def _close(self, row: int, state: str, error: str = "") -> None:
        # The body goes with the delivery: what a person deletes later must not live on here.
        change: dict[str, object] = {"state": state, "error": error, "lease_until": None}
        if state != "dead":
            change["body"] = ""
        self._session.exec(update(OutboxRow).where(col(OutboxRow.id) == row).values(**change))

    def _release(self, anchor: str) -> None:
        """What was held for an anchor may go: the next edit of it, and all that hangs below."""
        if anchor:
            self._session.exec(
                update(OutboxRow)
                .where(col(OutboxRow.held_on) == anchor, col(OutboxRow.state) == "held")
                .values(state="waiting", held_on=None)
            )

    def _refs(self, anchors: set[str]) -> dict[str, tuple[MessageRef, ...]]:
        query = select(RefRow).where(col(RefRow.anchor).in_(anchors)).order_by(col(RefRow.part))
        found: dict[str, tuple[MessageRef, ...]] = {}
        for row in self._session.exec(query):
            ref = MessageRef(row.workspace, row.channel, row.message)
            found[row.anchor] = (*found.get(row.anchor, ()), ref)
        return found


def _anchor(effect: Effect) -> str:
    return effect.anchor if isinstance(effect, Show | Withdraw) else ""


def _shows(letters: Sequence[Letter]) -> list[Show]:
    return [letter.effect for letter in letters if isinstance(letter.effect, Show)]
