"""The channels of a cohort: bound, made, lost."""

from datetime import timedelta

from bot.core.contributions import HELD
from bot.core.effects import Create
from bot.core.errors import FormRefused, Refused
from bot.core.events import PlaceFound, PlaceLimited, PlaceLost, PlaceMade, PlaceMoved, PostHeld
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Text, message, paragraph
from bot.core.people import MANAGERS, STAFF, Cohort, Place, Role
from bot.core.private import held_key
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush
from bot.features.enrolment import losses
from bot.features.enrolment import setup_views as views
from bot.features.enrolment.rules import PURPOSES, channel_name
from bot.features.enrolment.setup import page
from bot.features.enrolment.store import EnrolmentStore, feature

JUST_NOW = timedelta(minutes=10)
"""A person who acted so recently gets a correction at once."""


@feature.action("channel", roles=MANAGERS, lane="form")
def ask_channel(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    return views.channel_form(turn.here, _channel_here(turn))


def stored_channels(turn: Turn[EnrolmentStore], filled: Submission) -> list[Stored]:
    """What the channels of this workspace are used for, and the channel for each purpose; both of what is selected."""
    # While nothing is filled in, all parts are meant: the form may be about any channel.
    picked, chosen = filled.values.get("purpose", ""), _chosen(turn, filled) if filled.values else None
    near = [c for c in turn.here.channels if turn.place is not None and c.place.workspace == turn.place.workspace]
    serves, uses = {c.purpose: c.place.channel for c in near}, {c.place.channel: c.purpose for c in near}
    found = []
    for channel in [chosen.channel] if chosen else list(uses):
        now = uses.get(channel, "")
        said = _("this channel is used for: {now}", now=views.use_of(now) if now else _("nothing"))
        found.append(Stored({"purpose": now}, said, channel))
    for purpose in [p for p in PURPOSES if picked in ("", p)]:
        said = (
            _("another channel is used for: {purpose}", purpose=views.use_of(purpose))
            if purpose in serves
            else _("no channel is used for: {purpose}", purpose=views.use_of(purpose))
        )
        found.append(Stored({"channel": serves.get(purpose, "")}, said, purpose))
    return found


@feature.form("channel", roles=MANAGERS, replaces=stored_channels)
def take_channel(turn: Turn[EnrolmentStore], filled: Submission) -> Reply:
    """Binds a channel to a purpose of the cohort, or releases it."""
    place, cohort = _chosen(turn, filled), turn.here
    if place is None:
        raise FormRefused({"channel": _("Please pick a channel of this workspace.")})
    purpose = filled.values["purpose"]
    taken = turn.people.cohort_at(place)
    if taken is not None and taken[0].id != cohort.id:
        other = f"{taken[0].title} ({taken[0].code})"
        raise FormRefused({"channel": _("This channel is used by {title}. Choose another one.", title=other)})
    needs = filled.forums.get(place.channel)
    if needs is not None and purpose in ("main", "staff"):
        raise FormRefused({"channel": views.no_forum(purpose)})
    own = taken is not None and taken[1] == "main"
    if own and purpose == "questions":
        _share(turn, cohort, place)
        turn.log(f"chose the channel {place.channel} for questions, too")
    elif own and purpose not in ("main", "none"):
        raise FormRefused(
            {"purpose": _("This is the cohort's own channel, which it needs. Choose another one as its own first.")}
        )
    elif purpose == "none":
        lost = turn.store.lost(cohort.id).get(place, "")
        turn.store.free_channel(place)
        if lost:
            losses.drop(turn, losses.loss_of(cohort, place, lost))
            turn.cohort = cohort
        turn.log(f"freed the channel {place.channel}")
    else:
        _bind(turn, cohort, purpose, place)
        turn.log(f"chose the channel {place.channel} for: {purpose}")
    return _page(turn, views.no_tags(place, needs) if needs and purpose == "questions" else None)


def _share(turn: Turn[EnrolmentStore], cohort: Cohort, own: Place) -> None:
    """Questions go into the cohort's own channel, also those that wait for one of their own."""
    for channel in cohort.channels:
        if channel.purpose == "questions" and channel.place.workspace == own.workspace:
            lost = turn.store.lost(cohort.id).get(channel.place, "")
            turn.store.free_channel(channel.place)
            turn.reopen(own, channel.place)
            _replaced(turn, cohort, channel.place, "questions", lost)


def _bind(turn: Turn[EnrolmentStore], cohort: Cohort, purpose: str, place: Place) -> None:
    """What waits for the channel that is replaced goes into the new one."""
    lost = turn.store.lost(cohort.id)
    before = turn.store.bind_channel(cohort.id, purpose, place)
    turn.reopen(place, before)
    if before is not None:
        _replaced(turn, cohort, before, purpose, lost.get(before, ""))


def _replaced(turn: Turn[EnrolmentStore], cohort: Cohort, before: Place, purpose: str, lost: str) -> None:
    """Corrects what the managers were told of a channel that took nothing: nothing waits for it any more."""
    if lost:
        losses.correct(turn, losses.loss_of(cohort, before, lost), purpose)
        turn.cohort = cohort


@feature.action("make_channels", roles=MANAGERS, lane="private")
def make_channels(turn: Turn[EnrolmentStore], press: Press) -> Reply:
    """Asks the platform for each channel that the cohort lacks. A channel is bound when it exists."""
    cohort = turn.here
    if turn.place is None:
        raise Refused(_("Write `/cohort setup` in the workspace where the channels shall be."))
    missing = _missing(cohort, turn.place.workspace)
    if not missing:
        return _page(turn)
    team = {p.id for role in (Role.INSTRUCTOR, Role.MANAGER) for p in turn.people.members(cohort.id, role)}
    everybody = {p.id for p in turn.people.members(cohort.id)}
    # What is said of this try comes as a new message, which people notice.
    turn.withdraw(_result(cohort, turn.me.id))
    for purpose in missing:
        turn.withdraw(_anchor(cohort, purpose, turn.me.id))
        private = purpose == "staff"
        turn.create_channel(
            Create(
                _anchor(cohort, purpose, turn.me.id),
                turn.place.workspace,
                channel_name(cohort.code, purpose),
                views.topic(purpose),
                private,
                tuple(sorted(team if private else everybody)),
                forum=purpose == "questions",
            )
        )
    turn.log(f"asked for channels: {', '.join(missing)}")
    return views.making([channel_name(cohort.code, p) for p in missing])


def _anchor(cohort: Cohort, purpose: str, person: int) -> str:
    return f"channel/{cohort.id}/{purpose}/{person}"


def _result(cohort: Cohort, person: int) -> str:
    """The one message about all channels that a person has asked for."""
    return f"channels/{cohort.id}/{person}"


@feature.on(PlaceMade)
def follow_made(turn: Turn[EnrolmentStore], event: PlaceMade) -> None:
    """Binds a channel that was requested, and tells the person who requested it: of all in one message, and of a cause
    that concerns one channel in another."""
    kind, *rest = event.anchor.split("/")
    if kind != "channel":
        return
    cohort, purpose, person = turn.people.cohort(int(rest[0])), rest[1], int(rest[2])
    if cohort is None or cohort.ended_at is not None:
        return
    turn.cohort = cohort
    name = channel_name(cohort.code, purpose)
    if event.place is None and name in event.why:
        turn.show_to(person, event.anchor, views.not_made(cohort, [name], event.why))
        return
    if event.place is None:
        names = [channel_name(cohort.code, p) for p in PURPOSES if p not in {c.purpose for c in cohort.channels}]
        turn.show_to(person, _result(cohort, person), views.not_made(cohort, names or [name], event.why))
        return
    used = turn.people.cohort_at(event.place)
    if used is not None and used[0].id != cohort.id:
        why = _("It is used by {title}.", title=f"{used[0].title} ({used[0].code})")
        turn.show_to(person, event.anchor, views.not_made(cohort, [name], why))
        return
    near = [c for c in cohort.channels if c.place.workspace == event.place.workspace]
    chosen = next((c.place for c in near if c.purpose == purpose), event.place)
    if chosen != event.place or (used is not None and used[1] != purpose):
        # The manager has decided since, and that is newer than the request.
        turn.show_to(person, event.anchor, views.made_too_late(cohort, event.place, purpose, chosen))
        return
    _bind(turn, cohort, purpose, event.place)
    bound = turn.people.cohort(cohort.id)
    assert bound is not None
    here = {c.purpose for c in bound.channels if c.place.workspace == event.place.workspace}
    there = [(channel_name(cohort.code, p), p) for p in PURPOSES if p in here]
    turn.show_to(person, _result(cohort, person), views.made(cohort, there))


@feature.on(PlaceLost)
def follow_lost(turn: Turn[EnrolmentStore], event: PlaceLost) -> None:
    """Tells the managers once for each cause; the rest of the cohort goes on. In a lost workspace, a channel that was
    lost before stays lost for its own cause."""
    if not event.place.channel:
        lost = [
            cohort
            for cohort, place in _near(turn, event.place)
            if turn.store.lose_channel(place, losses.WORKSPACE, True)
        ]
        if lost:
            losses.tell(turn, losses.Loss(event.place.workspace, losses.WORKSPACE))
        for turn.cohort in {c.id: c for c in lost}.values():
            turn.happened(DeskChanged(turn.here.id, "enrolment/lost"))
            turn.log(f"the workspace {event.place.workspace} cannot be written in any more: {event.why}")
        return
    found, cause = turn.people.cohort_at(event.place), f"{event.why}/{event.needs}"
    if found is None:
        return
    before = turn.store.lost(found[0].id).get(event.place)
    if turn.store.lose_channel(event.place, cause, event.guessed):
        turn.cohort, purpose = found
        if before is not None:
            losses.drop(turn, losses.loss_of(found[0], event.place, before))
        losses.tell(turn, losses.loss_of(found[0], event.place, cause))
        turn.cohort = found[0]
        turn.happened(DeskChanged(turn.here.id, f"enrolment/lost/{purpose}"))
        turn.log(f"the channel {event.place.channel} ({purpose}) cannot be written in any more: {event.why}")


def _near(turn: Turn[EnrolmentStore], workspace: Place) -> list[tuple[Cohort, Place]]:
    """The channels of running cohorts in a workspace."""
    cohorts = turn.people.cohorts()
    return [(c, b.place) for c in cohorts for b in c.channels if b.place.workspace == workspace.workspace]


@feature.on(PlaceLimited)
def follow_limited(turn: Turn[EnrolmentStore], event: PlaceLimited) -> None:
    """Tells the managers once what is missing; people's questions go on without it."""
    found = turn.people.cohort_at(event.place)
    if found is None:
        return
    turn.cohort, purpose = found
    until, text = turn.now + losses.TELL_WITHIN, views.channel_limited(turn.here, purpose, event.needs)
    for manager in turn.people.members(turn.here.id, Role.MANAGER):
        key = f"limited/{event.place.channel}/{turn.here.id}/{manager.id}"
        turn.say(Awaited(manager.id, turn.here.id, key, text, until))


@feature.on(PlaceFound)
def follow_found(turn: Turn[EnrolmentStore], event: PlaceFound) -> None:
    """Sends what waited, and corrects what the managers were told."""
    if not event.place.channel:
        again = [
            cohort for cohort, place in _near(turn, event.place) if turn.store.find_channel(place, losses.WORKSPACE)
        ]
        if again:
            losses.correct(turn, losses.Loss(event.place.workspace, losses.WORKSPACE))
        for turn.cohort in {c.id: c for c in again}.values():
            turn.happened(DeskChanged(turn.here.id, "enrolment/lost"))
            turn.log(f"the workspace {event.place.workspace} can be written in again")
        return
    turn.reopen(event.place)
    found = turn.people.cohort_at(event.place)
    cause = turn.store.lost(found[0].id).get(event.place, "") if found is not None else ""
    if found is not None and cause and turn.store.find_channel(event.place):
        losses.correct(turn, losses.loss_of(found[0], event.place, cause), found[1])
        turn.cohort = found[0]
        turn.happened(DeskChanged(turn.here.id, f"enrolment/lost/{found[1]}"))
        turn.log(f"the channel {event.place.channel} ({found[1]}) can be written in again")


@feature.on(PlaceMoved)
def follow_moved(turn: Turn[EnrolmentStore], event: PlaceMoved) -> None:
    """Sends what waited, which is for the new id by now. Nobody is told: for people it is the same channel."""
    turn.reopen(event.to)


@feature.on(PostHeld)
def follow_held(turn: Turn[EnrolmentStore], event: PostHeld) -> None:
    """Corrects the receipt of the person whose post waits: at once where they have just acted, else with what they
    hear next. What they have taken back waits no longer, and neither does the receipt. Changes of a post are their
    feature's matter."""
    if event.person is None or event.change:
        return
    if turn.cohort is None and event.cohort is not None:
        turn.cohort = turn.people.cohort(event.cohort)
    key = held_key(event.person, event.anchor)
    shown, just_now = turn.links.ref(key) is not None, event.at - event.since <= JUST_NOW
    post = next(iter(turn.collect(HELD, event)), None)
    said, quiet = post is not None and post.said, post is not None and post.quiet
    if post is not None and (event.state == "dropped" or post.told):
        return
    unheard = event.state == "posted" and not shown and not (said and not turn.links.waiting([key]))
    if event.state == "dropped" or unheard or quiet:
        turn.say(Hush(key))
        turn.withdraw(key)
        return
    if said and event.state == "waits" and not shown:
        return
    staff = turn.cohort is not None and event.person in {
        p.id for role in STAFF for p in turn.people.members(turn.cohort.id, role)
    }
    text, below = views.held(event, post, staff, turn.cohort)
    if shown or just_now:
        turn.show_to(event.person, key, message(paragraph(*text), *below))
    # Nobody looks at a changed receipt after days: what is lost is also told.
    if turn.cohort is not None and not just_now and (event.state == "lost" or not shown):
        until = turn.now + losses.TELL_WITHIN
        turn.say(Awaited(event.person, turn.cohort.id, key, text, until, below))


def _channel_here(turn: Turn[EnrolmentStore]) -> Place | None:
    """The channel in which the person is; None if that is a direct conversation."""
    if turn.place is None or turn.place.direct or not turn.place.channel:
        return None
    return Place(turn.place.workspace, turn.place.channel)


def _chosen(turn: Turn[EnrolmentStore], filled: Submission) -> Place | None:
    """The channel that a form names. A form without the field, from before an upgrade, is about the one it is in."""
    if "channel" not in filled.values:
        return _channel_here(turn)
    channel = filled.values["channel"]
    return Place(turn.place.workspace, channel) if turn.place is not None and channel else None


def _missing(cohort: Cohort, workspace: str) -> list[str]:
    there = {c.purpose for c in cohort.channels if c.place.workspace == workspace}
    return [purpose for purpose in PURPOSES if purpose not in there]


def _page(turn: Turn[EnrolmentStore], warning: Text | None = None) -> Reply:
    """As it stands now."""
    cohort = turn.people.cohort(turn.here.id)
    assert cohort is not None
    return page(turn, cohort, warning)
