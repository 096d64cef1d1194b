"""What people write in a discussion's thread: it is talk, and its author is asked once whether it is their post."""

from dataclasses import replace
from datetime import timedelta

from bot.core.effects import React
from bot.core.events import MessageDeleted, MessageEdited, MessagePosted, ReactionChanged
from bot.core.facts import CohortEnded
from bot.core.feature import Press, Reply
from bot.core.labelled import filled
from bot.core.people import MEMBERS, MessageRef, Role
from bot.core.timetable import WEEK
from bot.core.typed import trim
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.discussions import finding, posting, rules, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Round
from bot.features.discussions.store import Words, feature, offer_anchor, root

MINE = "📝"
"""The reaction that stands for the question where nobody can be told privately; its author presses it, too."""

AT_ONCE = timedelta(hours=1)
"""How old a message may be for its author to be asked at once."""


def _ref(event: MessagePosted | MessageEdited | MessageDeleted | ReactionChanged) -> MessageRef:
    return MessageRef(event.place.workspace, event.place.channel, event.id)


@feature.on(MessagePosted)
def follow_talk(turn: Discussions, event: MessagePosted) -> None:
    if turn.cohort is None or turn.person is None or turn.purpose != "main" or turn.below is None:
        return
    for discussion in course_of(turn.here.course_text).discussions:
        above = root(turn.here.id, discussion.id)
        own = turn.below == above
        if own:
            turn.store.talk(turn.here.id, discussion.id, turn.me.id, _ref(event), event.at)
        if own or (turn.links.shown([above]) and turn.is_in_thread_of("main", above)):
            _offer(turn, event, discussion.id, own=own)


def _offer(turn: Discussions, event: MessagePosted, discussion: str, *, own: bool) -> None:
    """Asks a learner who has not posted whether this is their post: at once, unseen by others, and on their next card.
    In a thread that is not the discussion's `own`, only about what is written as a post."""
    if Role.LEARNER not in turn.roles or turn.is_staff:
        return
    text = trim(event.text)
    round = _to_post(turn, discussion, text, own=own)
    if round is None or turn.store.offered(turn.here.id, discussion, round.number, turn.me.id) is not None:
        return
    words = Words(_ref(event), turn.here.id, discussion, round.number, turn.me.id, text)
    if not own:
        turn.store.talk(turn.here.id, discussion, turn.me.id, words.ref, event.at)
    turn.store.offer(words)
    said = views.shall_it_be(turn.here.id, round, text)
    if turn.now - event.at <= AT_ONCE:
        turn.whisper(turn.me.id, event.place, said, instead=React(words.ref, MINE))
    turn.say(Card(turn.me.id, turn.here.id, offer_anchor(words), said, turn.now, turn.now + WEEK))


def _to_post(turn: Discussions, discussion: str, text: str, *, own: bool) -> Round | None:
    """The round to which a text may be the acting learner's post: one whose labels it has, an open one first;
    without labels, the one that is open."""
    found = [r for r in finding.rounds_of(turn, discussion, turn.me) if _is_open(turn, r)]
    left = [r for r in found if finding.posted_in(turn, r, turn.me.id) is None]
    now = [r for r in left if turn.now < r.closes_at]
    fits = [r for r in left if filled(posting.form_of(turn, r, None), text) is not None]
    if fits:
        return next((r for r in reversed(fits) if r in now), fits[-1])
    return now[-1] if now and own and rules.says_something(text) else None


def _is_open(turn: Discussions, round: Round) -> bool:
    ours = finding.ours(turn, round.subject)
    return min(round.opens_at, ours.opens_at) <= turn.now


@feature.on(ReactionChanged)
def follow_reaction(turn: Discussions, event: ReactionChanged) -> None:
    """Its author presses the reaction: they are asked in their direct messages."""
    words = turn.store.offered_at(_ref(event)) if event.added and event.emoji == MINE else None
    if words is None or turn.person is None or words.person != turn.me.id or not words.text:
        return
    round = finding.round_of(turn, words.discussion, words.round, turn.me)
    if round is not None:
        turn.say(Hush(offer_anchor(words)))
        turn.show_to(words.person, offer_anchor(words), views.shall_it_be(turn.here.id, round, words.text))


@feature.on(MessageEdited)
def follow_edit(turn: Discussions, event: MessageEdited) -> None:
    words = turn.store.offered_at(_ref(event))
    if words is not None and words.text and turn.person is not None and words.person == turn.me.id:
        turn.store.offer(replace(words, text=trim(event.text)))


@feature.on(MessageDeleted)
def follow_deletion(turn: Discussions, event: MessageDeleted) -> None:
    words = turn.store.offered_at(_ref(event))
    if words is not None and words.text:
        turn.forget(words.text)
        turn.say(Hush(offer_anchor(words)))
        turn.withdraw(offer_anchor(words))
    turn.store.untalk(_ref(event))


@feature.on(CohortEnded)
def forget_words(turn: Discussions, fact: CohortEnded) -> None:
    turn.store.drop_words(fact.cohort)


@feature.action("take_words", roles=MEMBERS, lane="form")
def open_filled(turn: Discussions, press: Press) -> Reply:
    """The form of the post, with the words in it."""
    round, before = posting.open_round(turn, press.subject)
    form = posting.form_of(turn, round, before)
    words = turn.store.offered(turn.here.id, round.discussion.id, round.number, turn.me.id)
    return views.with_words(form, words.text) if words is not None and words.text and before is None else form


@feature.action("leave_words", roles=MEMBERS, lane="private")
def leave(turn: Discussions, press: Press) -> Reply:
    """They stay talk."""
    round = finding.known(turn, press.subject)
    posting.settle_words(turn, round)
    return views.stays_talk(turn.here.id, round)
