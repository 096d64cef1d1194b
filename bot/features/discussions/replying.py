"""Replying to posts; authors hear of it with what else they wait for."""

from bot.core.errors import FormRefused
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.people import MEMBERS, STAFF, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.typed import trim
from bot.core.voice import Awaited
from bot.features.discussions import finding, posting, showing, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Round
from bot.features.discussions.store import Post, Response, desk_name, feature, more_replies_key, reply_anchor

USEFUL = WEEK
"""How long it is useful to hear of a reply."""

QUOTED = 5
"""Replies to one post that its author hears word by word; of more, the number."""


@feature.action("reply", roles=MEMBERS, lane="form")
def open_reply(turn: Discussions, press: Press) -> Reply:
    post, __ = finding.readable(turn, press.subject)
    return views.reply_form(post, _author(turn, post))


def _author(turn: Discussions, post: Post) -> str:
    """The name of the post's author; '' for one's own post."""
    return turn.people.person(post.person).name if post.person != turn.me.id else ""


@feature.form("reply", roles=MEMBERS, replaces=None)
def take_reply(turn: Discussions, filled: Submission) -> Reply:
    post, round = finding.readable(turn, filled.subject)
    name = _author(turn, post)
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": _("Please write your reply.")}, views.reply_form(post, name))
    response = turn.store.respond(Response(0, post.id, turn.me.id, text, turn.now))
    _tell(turn, post, round, response)
    showing.show_again(turn, post)
    if STAFF & turn.roles:
        turn.happened(DeskChanged(turn.here.id, desk_name(post), done=True))
    own = finding.known(turn, round.subject)
    learner = Role.LEARNER in turn.roles
    if learner and post.person != turn.me.id:
        first = finding.rounds_of(turn, round.discussion.id, turn.me)[0]
        posting.done(turn, first, turn.me.id)
        posting.show_receipt_again(turn, first, turn.me.id)
    left = finding.to_reply(turn, own, turn.me.id).left if learner else 0
    here = post.person in finding.here(turn, turn.here)
    return views.replied(turn.here.id, own, name, response, left, here=here)


def _tell(turn: Discussions, post: Post, round: Round, response: Response) -> None:
    """The author of the post hears of a reply; those who replied hear of the author's own."""
    others = {r.person for r in turn.store.responses([post.id])} - {post.person}
    hear = others if response.person == post.person else {post.person}
    for person in hear & finding.here(turn, turn.here):
        _tell_one(turn, post, round, response, person)


def _tell_one(turn: Discussions, post: Post, round: Round, response: Response, person: int) -> None:
    keys = [reply_anchor(r, person) for r in turn.store.responses([post.id]) if r.id != response.id]
    waiting = len(turn.links.waiting([*keys, more_replies_key(post, person)]))
    until, title = turn.now + USEFUL, views.title(round)
    if waiting < QUOTED:
        line, below = views.heard(title, turn.me.name, response, post)
        turn.say(Awaited(person, turn.here.id, reply_anchor(response, person), line, until, below))
    else:
        unquoted = len(turn.store.responses([post.id])) - len(turn.links.waiting(keys) | turn.links.shown(keys))
        line = views.heard_more(title, unquoted)
        turn.say(Awaited(person, turn.here.id, more_replies_key(post, person), line, until))


# Changing a reply


@feature.action("edit_reply", roles=MEMBERS, lane="form")
def open_edit(turn: Discussions, press: Press) -> Reply:
    response, post = _own(turn, press.subject)
    return views.reply_form(post, _author(turn, post), response)


def stored(turn: Discussions, filled: Submission) -> list[Stored]:
    response, __ = _own(turn, filled.subject)
    return [Stored({"text": response.text}, _("its text has changed"))]


@feature.form("edit_reply", roles=MEMBERS, replaces=stored)
def take_edit(turn: Discussions, filled: Submission) -> Reply:
    response, post = _own(turn, filled.subject)
    name = _author(turn, post)
    text = trim(filled.values.get("text", ""))
    if not text:
        raise FormRefused({"text": _("Please write your reply.")}, views.reply_form(post, name, response))
    if text != response.text:
        turn.forget(response.text)
        turn.store.change(response.id, text)
        _tell_again(turn, post, Response(response.id, post.id, response.person, text, response.at))
        showing.show_again(turn, post)
    return views.replied(turn.here.id, None, "", Response(response.id, post.id, turn.me.id, text, response.at), 0)


def _tell_again(turn: Discussions, post: Post, response: Response) -> None:
    """Whoever was told about a reply, or will be, reads its new words."""
    round = finding.round_of(turn, post.discussion, post.round)
    title = views.title(round) if round else _("Discussion")
    line, below = views.heard(title, turn.me.name, response, post)
    keys = {reply_anchor(response, p.id): p.id for p in turn.people.members(turn.here.id)}
    for key in turn.links.waiting(keys):
        turn.say(Awaited(keys[key], turn.here.id, key, line, turn.now + USEFUL, below))
    for key in turn.links.shown(keys):
        turn.show_to(keys[key], key, Awaited(keys[key], turn.here.id, key, line, turn.now, below).message)


def _own(turn: Discussions, subject: str) -> tuple[Response, Post]:
    response, post = finding.own_response(turn, subject)
    if post is None:
        raise posting.post_is_gone()
    return response, post


@feature.action("drop_reply", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def drop(turn: Discussions, press: Press) -> Reply:
    response, post = finding.own_response(turn, press.subject)
    posting.withdraw_response(turn, response.id)
    rounds = finding.rounds_of(turn, post.discussion, turn.me) if post else []
    if rounds and turn.roles and turn.here.ended_at is None:
        posting.undone(turn, rounds[0], turn.me.id)
    return views.gone()
