"""The voice sends everything that the bot says to a person unasked. `bot/runtime/budget.py` decides when.

Cards are sent at their own time. Lines go with the next card. They make a message of their own at the person's hour if
no card is planned for the day and the week's cards leave one over. Awaited lines come at the person's next hour.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.core.asking import asked_of
from bot.core.contributions import CARDS, FINDINGS, NEWS, Finding
from bot.core.due import Due, Plan
from bot.core.effects import Direct, Show
from bot.core.facts import CameBack, CohortEnded, CohortPlanned, Left
from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.message import Block, Bold, Bullets, Instant, Text, bullets, heading, message, note
from bot.core.moving import moved_key
from bot.core.naming import in_several, name_of, named
from bot.core.people import Cohort, Person, Role
from bot.core.plain import plain_text
from bot.core.time import local, local_day
from bot.core.translation import N_, _, _n, phrase
from bot.core.turn import Turn
from bot.core.voice import Awaited, Card, Hush, Line, Notice, Remark
from bot.course.loader import course_of
from bot.runtime.budget import SPAN, Decision, Reader, Sent, Waiting, Why, decide, stays_apart
from bot.runtime.joined import together
from bot.runtime.outlook import outlook
from bot.runtime.ports import VoiceStore

IN_TIME = timedelta(minutes=10)
"""What is sent so soon after its time counts as sent in time."""

DATES = 3
"""Maximum moved dates that one message lists."""

URGENT_FOR = timedelta(hours=1)
"""How long somebody is still told of a date that moved while they slept."""

HELD_FOR = timedelta(days=366)
"""How long somebody who is away or silent is still told of a change."""

voice: Feature[VoiceStore] = Feature("voice")
voice.keeps(
    KeptTable("remarks", "A message to you that waits for its hour", of="person", quotes=("body",)),
    KeptTable("spoken", "When an unasked message went to you", of="person", until="60 days"),
    KeptTable("dropped_remarks", "That the budget kept a message from you", of="person", until="60 days"),
    KeptTable(
        "shared_parts",
        "A message to you that has several parts or names somebody, so that I can change it",
        of="person",
        quotes=("body",),
    ),
    KeptTable("channel_posts", "When the bot posted in a channel"),
    purpose=N_("So that I write to you seldom, and at your hour"),
)

ALSO = "also/"
"""How the anchors of lines below a card begin."""

SPEAK = "voice.speak"
"""The kind of due row at which the voice speaks to a person."""

Soon = dict[tuple[int, str], Card]
"""Cards that are due now and not stored yet, by person and anchor."""


def hear(turn: Turn[VoiceStore], remarks: Sequence[Remark], soon: Soon | None = None) -> None:
    """Takes remarks in, and plans when to speak to each person next.

    If `soon` is given, cards that are due now go into it: the caller must call `speak_soon` with it before the unit of
    work ends.
    """
    hushed: set[str] = set()
    newer: set[str] = set()
    kept: dict[tuple[int, str], Notice] = {}
    for remark in remarks:
        if isinstance(remark, Hush):
            (newer if remark.cards else hushed).add(remark.key)
            for waiting in (kept, soon or {}):
                same = [k for k in waiting if k[1] == remark.key]
                for known in [k for k in same if isinstance(waiting[k], Card) or not remark.cards]:
                    del waiting[known]
        elif isinstance(remark, Card) and remark.at <= turn.now and soon is not None:
            soon[remark.person, remark.key] = remark
        else:
            kept[remark.person, remark.key] = remark
    _correct(turn, [notice for notice in kept.values() if not isinstance(notice, Card) and notice.moved])
    turn.store.hush(hushed)
    turn.store.hush_cards(newer)
    turn.people.fetch({person for person, _ in kept})
    _keep(turn, _as_known(turn, kept))


def _as_known(turn: Turn[VoiceStore], kept: Mapping[tuple[int, str], Notice]) -> list[Notice]:
    """The notices, where lines about a change tell of it since what the person knows. Without a difference to that
    there is nothing to say."""
    people = {n.person for n in kept.values() if not isinstance(n, Card) and (n.moved or _knows(n))}
    before = {(person, w.notice.key): w for person, some in turn.store.waiting(people).items() for w in some}
    found: list[Notice] = []
    for name, notice in kept.items():
        earlier = before.get(name)
        whole = _since(earlier.notice, notice) if earlier else None if _only_replaces(notice) else notice
        if whole is not None:
            found.append(whole)
        elif earlier is not None and earlier.id is not None:
            turn.store.drop([earlier.id])
    return found


def _correct(turn: Turn[VoiceStore], moved: Sequence[Line | Awaited]) -> None:
    """Dates that move again also move in the lines that told of them, below cards that are shown again. The reader's
    own act changes nothing there: it is answered by itself."""
    if not moved or (turn.person is not None and any(n.person == turn.person.id for n in moved)):
        return
    parts = turn.store.also({notice.person for notice in moved})
    for notice in moved:
        before, now = notice.moved or (None, None)
        what = next((part for part in notice.text if isinstance(part, Bold)), None)
        for n, part in enumerate(parts):
            if before is None or now is None or what is None or part.person != notice.person:
                continue
            blocks = tuple(_redated(b, what, notice.text, before, now) for b in part.message.blocks)
            said = replace(part.message, of="", blocks=blocks)
            if said.blocks != part.message.blocks:
                parts[n] = replace(part, message=said)
                turn.show_to(part.person, part.anchor, said)


def _redated(block: Block, what: Bold, text: Text, old: datetime, new: datetime) -> Block:
    """The block, with another date in the lines about `what`. `text` tells of that date. Where the date is the one
    again from which it moved, the line says so."""
    if not isinstance(block, Bullets):
        return block
    return replace(block, items=tuple(_corrected(line, what, text, old, new) for line in block.items))


def _corrected(line: Text, what: Bold, text: Text, old: datetime, new: datetime) -> Text:
    if what not in line or Instant(old) not in line:
        return line
    if Instant(new) in line:
        return phrase("{what} {date}, as before.", what=what, date=Instant(new))
    return _retold(line, text, old, new)


def _retold(line: Text, text: Text, old: datetime | None, new: datetime | None) -> Text:
    """The line with one date instead of another, and with what `text` says after its dates."""
    dated = _dated(line, old, new)
    return (*dated[: _dates_end(dated)], *text[_dates_end(text) :]) if dated != line else line


def _dates_end(text: Text) -> int:
    return max((n + 1 for n, part in enumerate(text) if isinstance(part, Instant)), default=len(text))


def _since(earlier: Notice, notice: Notice) -> Notice | None:
    """The notice, telling how it is now instead of what `earlier` would have told; None if that is as the person
    knows it."""
    if isinstance(notice, Card) or isinstance(earlier, Card):
        return notice
    if notice.moved and earlier.moved:
        (known, told), (before, now) = earlier.moved, notice.moved
        if known == now:
            return None
        # If they have not heard of it at all, the line still says that it is new.
        is_new = known is None and now is not None
        text = _retold(earlier.text, notice.text, told, now) if is_new else _dated(notice.text, before, known)
        if isinstance(earlier, Awaited) and isinstance(notice, Line) and not notice.urgent:
            # Somebody still waits for it.
            return Awaited(notice.person, notice.cohort, notice.key, text, notice.until, notice.below, (known, now))
        return replace(notice, text=text, moved=(known, now))
    if isinstance(notice, Line) and isinstance(earlier, Line) and notice.knows and earlier.knows:
        since, urgent = notice.tells.get(earlier.knows), earlier.urgent or notice.urgent
        return replace(notice, text=since, knows=earlier.knows, urgent=urgent) if since else None
    return notice


def _dated(text: Text, old: datetime | None, new: datetime | None) -> Text:
    """The text with one date instead of another."""
    if old is None or new is None:
        return text
    return tuple(Instant(new) if part == Instant(old) else part for part in text)


def _is_held(turn: Turn[VoiceStore], notice: Notice) -> bool:
    """Whether a notice waits for an ended cohort to run again."""
    home = turn.people.cohort(notice.cohort)
    return _is_change(notice) and (home is None or home.ended_at is not None)


def _is_change(notice: Notice) -> bool:
    return isinstance(notice, Line) and notice.is_change


def _knows(notice: Notice) -> str:
    return notice.knows if isinstance(notice, Line) else ""


def _only_replaces(notice: Notice) -> bool:
    return isinstance(notice, Line) and not notice.text


def _keep(turn: Turn[VoiceStore], notices: Iterable[Notice]) -> None:
    waiting = [Waiting(None, *_timed(turn, notice)) for notice in notices]
    numbers = turn.store.keep(waiting)
    # Several notices of one instant need one plan.
    last = {(w.notice.person, max(turn.now, w.at)): n for w, n in zip(waiting, numbers, strict=True)}
    turn.plan(*(_speak(person, at, str(n)) for (person, at), n in last.items()))


def _timed(turn: Turn[VoiceStore], notice: Notice) -> tuple[Notice, datetime]:
    """A notice, and from when on it may be a message of its own. What is urgent is of use until it can be heard."""
    if isinstance(notice, Card):
        return notice, notice.at
    person = turn.people.person(notice.person)
    if isinstance(notice, Line) and notice.urgent:
        at = _awake(turn, person, notice)
        return replace(notice, until=max(notice.until, at + URGENT_FOR)), at
    role = _role(turn, notice) or Role.LEARNER
    return notice, _reader(turn, person, notice.cohort, role).next_hour(turn.now)


def _reader(turn: Turn[VoiceStore], person: Person, cohort: int, role: Role) -> Reader:
    """Somebody in one of their roles; learners get messages within the hours of the course."""
    home = turn.people.cohort(cohort) if role is Role.LEARNER else None
    hour = course_of(home.course_text).messages.hour(person.hour) if home else time(person.hour)
    return Reader(role, person.zone, hour)


def _awake(turn: Turn[VoiceStore], person: Person, line: Line) -> datetime:
    """Now, or in a learner's night the next morning."""
    home = turn.people.cohort(line.cohort) if line.role is Role.LEARNER else None
    return turn.now if home is None else course_of(home.course_text).messages.waking(turn.now, person.hour, person.zone)


def _role(turn: Turn[VoiceStore], notice: Notice) -> Role | None:
    """The role in which a notice reaches the person; None if they no longer have it. Roles outlast the end of a cohort:
    what waited was dropped then, and what is said afterwards was promised."""
    for ended in (False, True):
        memberships = turn.people.memberships(notice.person, ended=ended)
        roles = [m.role for m in memberships if m.cohort == notice.cohort]
        if isinstance(notice, Awaited) and roles:
            return Role.LEARNER if Role.LEARNER in roles else roles[0]
        if not isinstance(notice, Awaited) and notice.role in roles:
            return notice.role
    return None


def _speak(person: int, at: datetime, why: str) -> Plan:
    """`why` distinguishes two reasons to speak at one instant, since the row of the first may be done already."""
    return Plan(SPEAK, str(person), f"{at.isoformat()}/{why}", at)


@voice.due("speak", within=timedelta(days=7), fold=True)
def speak(turn: Turn[VoiceStore], batch: Sequence[Due]) -> None:
    """Sends what may be said now to each person, and plans the next time for the rest."""
    _speak_to(turn, {int(due.subject): due.at for due in sorted(batch, key=lambda due: due.at)}, {})


def speak_soon(turn: Turn[VoiceStore], cards: Sequence[Card]) -> None:
    """Sends cards that are due now, without storing them first unless something holds them back.

    If something else is still to happen for a person at this instant, their cards are stored until then: it may bring a
    card that ends earlier and goes first.
    """
    people = {card.person for card in cards}
    turn.people.fetch(people)
    some, cohorts = turn.store.expecting(people, turn.now)
    free = {p for p in people - some if turn.people.is_active(p)} if 0 not in cohorts else set()
    if cohorts:
        free = {p for p in free if not any(m.cohort in cohorts for m in turn.people.memberships(p))}
    _keep(turn, [card for card in cards if card.person not in free])
    soon: dict[int, list[Card]] = defaultdict(list)
    for card in cards:
        if card.person in free:
            soon[card.person].append(card)
    _speak_to(turn, {person: max(card.at for card in mine) for person, mine in soon.items()}, soon)


def when_heard(turn: Turn[VoiceStore], remarks: Sequence[Remark]) -> dict[int, datetime]:
    """When each person would hear one of these remarks, without those to whom the budget lets none through. For
    `Features.try_out`, which takes back what this stores."""
    own, soon = replace(turn, effects=[], plans=[]), Soon()
    hear(own, remarks, soon)
    speak_soon(own, list(soon.values()))
    shown = [declared.effect for declared in own.effects]
    found = {e.target.person: own.now for e in shown if isinstance(e, Show) and isinstance(e.target, Direct)}
    keys, people = {remark.key for remark in remarks}, {r.person for r in remarks if not isinstance(r, Hush)}
    for person, some in own.store.waiting(people).items():
        plans = [p.at for p in own.plans if isinstance(p, Plan) and p.kind == SPEAK and p.subject == str(person)]
        if plans and any(one.notice.key in keys for one in some):
            found[person] = min(plans)
    return {person: at for person, at in found.items() if person in people}


@dataclass(slots=True)
class _Outcome:
    """The result of speaking: stored notices that are done, what was dropped and why, whom the bot wrote to, and cards
    still to be stored (when to say them is planned)."""

    done: list[int] = field(default_factory=list)
    dropped: list[tuple[Notice, Why]] = field(default_factory=list)
    sent: list[tuple[int, Sent]] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def finish(self, notices: Iterable[Waiting]) -> None:
        self.done += [w.id for w in notices if w.id is not None]


@dataclass(frozen=True, slots=True)
class _Past:
    """By cohort, what the budget must know of somebody: see `Reader`."""

    quiet: frozenset[int]
    away: frozenset[int]
    dropped: Mapping[int, datetime]


def _speak_to(turn: Turn[VoiceStore], people: Mapping[int, datetime], soon: Mapping[int, Sequence[Card]]) -> None:
    """`people`: whom to speak to, and for when that was planned. `soon` holds cards due now that are not stored yet.
    Those that cannot be sent are stored here."""
    turn.people.fetch(people)
    reached = [p for p in people if turn.people.is_active(p)]
    waiting = {
        p: [w for w in found if not _is_held(turn, w.notice)] for p, found in turn.store.waiting(reached).items()
    }
    outcome = _Outcome()
    for id, cards in soon.items():
        anchors = {card.key for card in cards}
        stored = waiting.get(id, [])
        outcome.finish(w for w in stored if w.notice.key in anchors)
        fresh = [Waiting(None, card, card.at) for card in cards]
        waiting[id] = [w for w in stored if w.notice.key not in anchors] + fresh
    sent = turn.store.sent(reached, turn.now - SPAN)
    quiet: dict[int, set[int]] = defaultdict(set)
    away: dict[int, set[int]] = defaultdict(set)
    for cohort, id, is_away in turn.store.silent(reached, turn.now):
        quiet[id].add(cohort)
        if is_away:
            away[id].add(cohort)
    torn = [p for p in reached if len({w.notice.cohort for w in waiting.get(p, ())}) > 1]
    dropped = turn.store.dropped(torn) if torn else {}
    yielding = [p for p in reached if any(_yields(w.notice) for w in waiting.get(p, ()))]
    ahead = turn.store.cards_ahead(yielding, turn.now, turn.now + SPAN)
    for id in reached:
        if waiting.get(id):
            mine, before = waiting[id], list(sent.get(id, ()))
            past = _Past(frozenset(quiet[id]), frozenset(away[id]), dropped.get(id, {}))
            _speak_to_one(turn, people[id], mine, before, ahead.get(id, ()), past, outcome)
    turn.store.drop(outcome.done)
    turn.store.note_dropped(outcome.dropped, turn.now)
    turn.store.note_sent(outcome.sent)
    turn.store.keep(outcome.waiting)


def _speak_to_one(
    turn: Turn[VoiceStore],
    planned: datetime,
    waiting: Sequence[Waiting],
    sent: list[Sent],
    ahead: Sequence[datetime],
    past: _Past,
    outcome: _Outcome,
) -> None:
    by_role: dict[Role, list[Waiting]] = {}
    for one in waiting:
        role = _role(turn, one.notice)
        if role is None:
            outcome.finish([one])
        else:
            by_role.setdefault(role, []).append(one)
    for role, mine in by_role.items():
        person = turn.people.person(mine[0].notice.person)
        reader = _reader(turn, person, mine[0].notice.cohort, role)
        if role is Role.LEARNER:
            reader = replace(reader, quiet=past.quiet, away=past.away)
        openings = {c: _opens(turn, person, c, reader, planned) for c in {one.notice.cohort for one in mine}}
        heard = [one for one in mine if openings[one.notice.cohort].lets_through(one.notice, turn.now)]
        homes = [home for id in openings if (home := turn.people.cohort(id)) is not None]
        workspaces = {home.id: home.workspace for home in homes if home.workspace}
        reader = replace(reader, workspaces=workspaces, dropped=past.dropped)
        decision = decide(heard, sent, ahead, turn.now, reader)
        for opening in openings.values():
            if opening.at > turn.now:
                decision.wait(opening.at)
        gone = [*decision.cards, *decision.lines, *(one for one, _ in decision.dropped)]
        outcome.finish(gone)
        outcome.dropped += [(one.notice, why) for one, why in decision.dropped if why != "away"]
        outcome.waiting += [one for one in mine if one.id is None and one not in gone]
        outcome.waiting += [_until_back(turn, one) for one in decision.held]
        if decision.speaks:
            _say(turn, person, decision)
            sent.append(Sent(turn.now, role, decision.awaited))
            outcome.sent.append((person.id, sent[-1]))
        if decision.again is not None:
            why = f"{'after' if decision.speaks else 'not'} {turn.now.isoformat()}"
            turn.plan(_speak(person.id, decision.again, why))


def _until_back(turn: Turn[VoiceStore], one: Waiting) -> Waiting:
    """A line about a change that outlasts its own time, since its reader is away or silent."""
    assert isinstance(one.notice, Line)
    return replace(one, id=None, notice=replace(one.notice, until=turn.now + HELD_FOR, urgent=False))


def _opens(turn: Turn[VoiceStore], person: Person, cohort: int, reader: Reader, planned: datetime) -> "_Opening":
    """When the reader may hear what was planned for an instant.

    That is within the hours of the course; the course team also hear at their own hour. After downtime that lasted into
    another day it is their next hour.
    """
    home = turn.people.cohort(cohort)
    if home is None:
        return _Opening(turn.now, turn.now)
    at = planned if turn.now - planned <= IN_TIME else turn.now
    own_hour = reader.role is not Role.LEARNER and local(at, person.zone).hour == person.hour
    messages = course_of(home.course_text).messages
    awake = turn.now if own_hour else max(turn.now, messages.waking(at, person.hour, person.zone))
    is_late = at is not planned and local_day(planned, person.zone) < local_day(turn.now, person.zone)
    return _Opening(awake, max(awake, reader.next_hour(turn.now)) if is_late else awake)


@dataclass(frozen=True, slots=True)
class _Opening:
    """From `awake` on a reader may get what cannot wait, and from `at` on everything."""

    awake: datetime
    at: datetime

    def lets_through(self, notice: Notice, now: datetime) -> bool:
        """Whether a notice is decided about now: while the reader is awake also what would be too late at the
        opening."""
        in_time = self.at <= now or notice.until <= now
        return in_time or (self.awake <= now and (_is_urgent(notice) or notice.until <= self.at))


def _is_urgent(notice: Notice) -> bool:
    return isinstance(notice, Line) and notice.urgent


def _yields(notice: Notice) -> bool:
    """Whether it gives way to cards that are ahead."""
    return isinstance(notice, Line) or (isinstance(notice, Card) and notice.rank == "spare")


def _say(turn: Turn[VoiceStore], person: Person, decision: Decision) -> None:
    cards = [one.notice for one in decision.cards if isinstance(one.notice, Card)]
    lines = [one.notice for one in decision.lines if not isinstance(one.notice, Card)]
    homes = {notice.cohort: turn.people.cohort(notice.cohort) for notice in (*cards, *lines)}
    turn.cohort = homes[(cards or lines)[0].cohort]
    names = {id: name_of(turn.people, person.id, c) for id, c in homes.items() if c is not None}
    parted = [line for line in lines if _is_urgent(line) or line.below]
    for_all = any(card.message.of == "" for card in cards)
    several = len(homes) > 1 or (for_all and in_several(turn.people, person.id))
    short = [line for line in lines if line not in parted]
    also = bullets(*_in_short(_weightiest(turn, person, short), short, names if several else {}))
    cards = [replace(c, message=named(turn.people, person.id, homes[c.cohort], c.message)) for c in cards]
    if cards:
        lead = cards[0]
        # A reminder below a prompt goes with it: what answers the prompt replaces both.
        parts = [card for card in cards if card is lead or not stays_apart(lead) or not card.leads]
        body = together(lead.message, *(card.message for card in cards if card not in parts))
        shared = [(card.key, card.message) for card in parts]
        if also:
            # A part of its own: it stays where it is when a card above it changes.
            shared.append((f"{ALSO}{person.id}/{turn.now.isoformat()}", message(note(_("Also:")), also)))
        anchor = lead.anchor
    else:
        title = _("From your cohorts") if several else names.get(lines[0].cohort, "")
        body = replace(message(heading(title), also), of="")
        anchor = f"voice/{person.id}/{turn.now.isoformat()}"
        shared = [(anchor, body)]
    shared += [(line.key, named(turn.people, person.id, homes[line.cohort], line.message)) for line in parted]
    if len(shared) > 1:
        turn.store.join(person.id, shared)
    turn.show_to(person.id, anchor, body)


def _weightiest(turn: Turn[VoiceStore], person: Person, lines: Sequence[Line | Awaited]) -> Sequence[Line | Awaited]:
    """The moved dates that are listed: what the course cannot be completed without first, then the soonest."""
    dates = [line for line in lines if line.moved]
    if len(dates) <= DATES:
        return dates
    heavy = {
        moved_key(cohort.id, item.key, person.id)
        for id in {line.cohort for line in dates}
        if (cohort := turn.people.cohort(id)) is not None
        for _, item in asked_of(turn, cohort, [person])
        if item.matters
    }
    in_order = sorted(dates, key=lambda one: (one.key not in heavy, min(at for at in one.moved or () if at)))
    return in_order[:DATES]


def _in_short(dates: Sequence[Line | Awaited], lines: Sequence[Line | Awaited], names: Mapping[int, str]) -> list[Text]:
    """The lines' texts, each with the name of its cohort if `names` has that. Of the moved dates only `dates` are
    listed, and the rest are a number."""
    shown = [line for line in lines if not line.moved or line in dates]
    texts: list[Text] = [_with_name(line.text, names.get(line.cohort, "")) for line in shown]
    if rest := len(lines) - len(shown):
        texts.append(
            (
                _n(
                    "1 more date moves; the card of its week has it.",
                    "{n} more dates move; the card of each week has its dates.",
                    rest,
                ),
            )
        )
    return texts


def _with_name(text: Text, name: str) -> Text:
    return text if name in plain_text(text) else (Bold(name), ": ", *text)


@voice.on(Left)
def fall_silent(turn: Turn[VoiceStore], fact: Left) -> None:
    turn.store.hush_person(fact.person, fact.cohort)


@voice.on(CohortEnded)
def fall_silent_for_all(turn: Turn[VoiceStore], fact: CohortEnded) -> None:
    """Drops what waits in a cohort, except awaited lines. What has changed is said if the cohort runs again."""
    turn.store.hush_cohort(fact.cohort)


@voice.on(CohortPlanned)
def speak_again(turn: Turn[VoiceStore], fact: CohortPlanned) -> None:
    """Plans to say what has changed, which waited if the cohort had ended."""
    for one in _changes(turn, fact.cohort, {p.id for p in turn.people.members(fact.cohort)}):
        _, at = _timed(turn, one.notice)
        turn.plan(_speak(one.notice.person, at, f"again {one.id}"))


@voice.on(CameBack)
def speak_when_back(turn: Turn[VoiceStore], fact: CameBack) -> None:
    """Plans to say what has changed in the meantime. It goes with the card of the return, or else with the next one."""
    for one in _changes(turn, fact.cohort, {fact.person}):
        _, at = _timed(turn, one.notice)
        turn.plan(_speak(fact.person, at, f"back {one.id}"))


@voice.contributes(NEWS)
def news(turn: Turn[VoiceStore], cohort: Cohort, person: Person) -> Sequence[Line]:
    changes = [w.notice for w in _changes(turn, cohort.id, {person.id}) if isinstance(w.notice, Line)]
    return [line for line in changes if not line.is_past(turn.now)]


def _changes(turn: Turn[VoiceStore], cohort: int, people: Collection[int]) -> list[Waiting]:
    """The changes in a cohort that these people have not heard of yet."""
    waiting = turn.store.waiting(people)
    return [w for some in waiting.values() for w in some if w.notice.cohort == cohort and _is_change(w.notice)]


@voice.contributes(FINDINGS)
def look_ahead(turn: Turn[VoiceStore], cohort: Cohort) -> Sequence[Finding]:
    """What the budget would do to this course, for a learner in the cohort's zone who chose no hour of their own."""
    anybody, messages = Person(0, "", cohort.zone), course_of(cohort.course_text).messages
    cards = [
        replace(c, at=messages.waking(c.at, anybody.hour, cohort.zone)) for c in turn.collect(CARDS, cohort, anybody)
    ]
    return outlook(cards, Reader(Role.LEARNER, cohort.zone, messages.hour(anybody.hour)))
