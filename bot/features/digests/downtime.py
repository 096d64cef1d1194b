"""After a downtime: what was left out because it came too late, and the choice to do it after all."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import DEALT_WITH, DESK, FIGURES, DeskItem, Figure, Pile
from bot.core.due import Due
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.fingerprints import fingerprint
from bot.core.message import Bold, Button, Instant, Text, message, paragraph
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.translation import _, _n, phrase, phrase_n
from bot.core.turn import Foreseen, Turn
from bot.features.digests.collecting import stage_of
from bot.features.digests.store import DigestStore, feature

Digests = Turn[DigestStore]


@feature.contributes(DESK)
def on_the_desk(turn: Digests, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """One line for each kind of message, however long the downtime was; none once the course is over."""
    kinds: dict[str, list[tuple[str, Due]]] = {}
    for title, due in _left_out(turn, cohort):
        kinds.setdefault(due.kind, []).append((title, due))
    items = [_item(cohort, some[0][0], [due for _title, due in some]) for some in kinds.values()]
    return [Pile("digests/left_out", (_("Left out while Pacekeeper was down"),), items)] if items else []


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Digests, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    """Which messages somebody sent or left."""
    about = ((_name(kind), title) for kind, title in turn.features.titles().items())
    return [
        (name, (_("{what}, left out while Pacekeeper was down", what=_(title)),))
        for name, title in about
        if name in names
    ]


@feature.contributes(FIGURES)
def in_the_week(turn: Digests, cohort: Cohort) -> Sequence[Figure]:
    """The managers read of it until somebody has decided."""
    found = _left_out(turn, cohort)
    label = _("Messages left out while Pacekeeper was down")
    return [Figure("digests/left_out", label, len(found), wants_a_look=True)] if found else []


def _left_out(turn: Digests, cohort: Cohort) -> Sequence[tuple[str, Due]]:
    found = turn.features.left_out(cohort.id)
    return [] if not found or cohort.ended_at is not None or stage_of(turn, cohort) == "over" else found


def _item(cohort: Cohort, title: str, left_out: Sequence[Due]) -> DeskItem:
    kind, first, last = left_out[0].kind, left_out[0].at, left_out[-1].at
    people = len({due.whose for due in left_out} - {None})
    when: Text = (
        (Instant(first),) if first == last else phrase("{first} to {last}", first=Instant(first), last=Instant(last))
    )
    whom = _n("not sent to {n} learner", "not sent to {n} learners", people) if people else _("not posted")
    acts = [
        Button(_("Send it now"), Action("digests", "late", cohort.id, kind).encode()),
        Button(_("Leave it"), Action("digests", "leave", cohort.id, kind).encode()),
    ]
    return DeskItem(_name(kind), last, (Bold(_(title)), ", ", *when, ": ", whom), buttons=acts, minutes=1)


def _name(kind: str) -> str:
    return f"digests/left_out/{fingerprint(kind, 8)}"


@feature.action("late", roles=STAFF, lane="private", after_end=True)
def send_late(turn: Digests, press: Press) -> Reply:
    """Posts in channels wait for their hours by themselves, and so does what learners hear."""
    if turn.here.ended_at is not None:
        return message(paragraph(_("{cohort} has ended, so nothing goes out any more.", cohort=turn.here.title)))
    learners = {None, *(p.id for p in turn.people.members(turn.here.id, Role.LEARNER))}
    left_out = [due for _title, due in turn.features.left_out(turn.here.id) if due.kind == press.subject]
    wanted = [due for due in left_out if due.whose in learners]
    seen = turn.features.foresee(turn, wanted) if wanted else Foreseen()
    if seen.full and not seen.told and not seen.more:
        return message(paragraph(_("Whom it is for has had a message today. Send it tomorrow, or leave it.")))
    found = [(due, turn.now if due in wanted and (seen.told or seen.more) else None) for due in left_out]
    if not _settle(turn, press.subject, found):
        return _settled()
    turn.log(f"had {len(found)} of {press.subject} sent late")
    return message(paragraph(*_sent(seen, turn.now)), paragraph(_full(len(seen.full))) if seen.full else None)


def _sent(seen: Foreseen, now: datetime) -> Text:
    later = [at for at in seen.told.values() if at > now]
    soon = len(seen.told) - len(later)
    if later and soon:
        words = _n("It goes to {n} learner now", "It goes to {n} learners now", soon)
        return phrase("{words}, and to {later} by {at}.", words=words, later=str(len(later)), at=Instant(max(later)))
    if later:
        return phrase_n(
            "It goes to {n} learner by {at}.", "It goes to {n} learners by {at}.", len(later), at=Instant(max(later))
        )
    if soon:
        return (_n("It goes to {n} learner now.", "It goes to {n} learners now.", soon),)
    if seen.more:
        return (_("It goes out now, or in the morning if it is night."),)
    return (_("Nobody needs it any more, so nothing is sent."),)


def _full(people: int) -> str:
    return _n(
        "{n} learner has had a message today, and does not get it.",
        "{n} learners have had a message today, and do not get it.",
        people,
    )


@feature.action("leave", roles=STAFF, lane="private", after_end=True)
def leave_out(turn: Digests, press: Press) -> Reply:
    found = [(due, None) for _title, due in turn.features.left_out(turn.here.id) if due.kind == press.subject]
    if not _settle(turn, press.subject, found):
        return _settled()
    turn.log(f"left out {len(found)} of {press.subject}")
    return message(paragraph(_("Left out.")))


def _settle(turn: Digests, kind: str, found: Sequence[tuple[Due, datetime | None]]) -> bool:
    for due, at in found:
        turn.features.settle_left_out(due, at)
    if found:
        turn.happened(DeskChanged(turn.here.id, _name(kind), done=True))
    return bool(found)


def _settled() -> Reply:
    return message(paragraph(_("This is settled: somebody has sent it or left it, or a newer one has come.")))
