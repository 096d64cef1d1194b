"""What people wrote for a channel and is not there. A reply counts only while the asker can read it; what could not be
posted stands on the desk, and one press posts it again or gives it to the asker."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import DESK, HELD, HeldPost, Pile
from bot.core.errors import NotFound, Spent
from bot.core.events import PostHeld
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush
from bot.features.questions import desk_views, views
from bot.features.questions.following import count_response, give_privately, tell_asker, uncount_response
from bot.features.questions.marking import USEFUL, asker_name, author_name, desk_changed, post_reply, show
from bot.features.questions.store import Question, QuestionStore, Response, feature

Questions = Turn[QuestionStore]
Post = tuple[Question, Response | None]
"""A question, or a reply to it."""


@feature.contributes(DESK)
def on_the_desk(turn: Questions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    found = [(*post, _author(turn, post), since) for post, since in _lost(turn, cohort.id)]
    return [desk_views.lost(cohort, found)] if found else ()


def _lost(turn: Questions, cohort: int) -> Iterator[tuple[Post, datetime]]:
    for anchor, since in turn.links.lost(cohort, "question/").items():
        post = _post_of(turn, anchor)
        if post is not None and (post[1] is None or post[1].post != "privately"):
            yield post, since


def _author(turn: Questions, post: Post) -> str | None:
    question, response = post
    return author_name(turn, response) if response is not None else asker_name(turn, question)


def _post_of(turn: Questions, anchor: str) -> Post | None:
    """What an anchor in the channel stands for; None if it is no such post, or was taken back meanwhile."""
    _, number, *rest = anchor.split("/")
    question = turn.store.question(read_number(number) or 0)
    if question is None or question.private or question.state in ("draft", "withdrawn"):
        return None
    if rest == ["root"]:
        return (question, None) if question.text else None
    response = turn.store.response(read_number(rest[1]) or 0) if len(rest) == 2 and rest[0] == "reply" else None
    return (question, response) if response is not None and response.text and not response.deleted else None


@feature.on(PostHeld)
def follow_held(turn: Questions, event: PostHeld) -> None:
    """A desk that is posted shows what is given up, and a question whose reply did not get into its thread."""
    post = _post_of(turn, event.anchor) if event.anchor.startswith("question/") and not event.change else None
    if post is None:
        return
    question, response = post
    turn = replace(turn, cohort=turn.people.cohort(question.cohort))
    if event.person not in (None, _by(post)):
        # Somebody of the course team posts it again.
        if event.state == "posted":
            _tell_author(turn, post)
        else:
            turn.say(Hush(_again_key(post)))
    if response is None:
        turn.happened(desk_changed(question, done=False))
    else:
        _follow_reply(turn, question, response, event)
    if event.state == "lost" and (response is None or response.post != "privately"):
        turn.happened(DeskChanged(question.cohort, f"lost/{desk_views.lost_name(*post)}"))


def _follow_reply(turn: Questions, question: Question, response: Response, event: PostHeld) -> None:
    if event.state in ("waits", "lost") and response.post != "privately":
        turn.store.keep_response(replace(response, post="lost" if event.state == "lost" else "waits"))
        if response.post == "":
            uncount_response(turn, question, response)
    elif event.state == "posted" and response.post:
        after = replace(response, post="", at=response.at if response.stands else event.at)
        turn.store.keep_response(after)
        if not response.stands:
            question = count_response(turn, question, after)
            if not after.own:
                tell_asker(turn, question)
            turn.happened(desk_changed(question, done=False, again=after.own))


def _by(post: Post) -> int | None:
    question, response = post
    return question.asker if response is None else response.author


def _again_key(post: Post) -> str:
    return f"posted/{desk_views.lost_name(*post)}/{_by(post)}"


def _tell_author(turn: Questions, post: Post) -> None:
    """Whoever was told that a post of theirs was given up hears that it is there after all."""
    author = _by(post)
    if author is not None and (turn.person is None or author != turn.me.id):
        line = views.posted_after_all(*post)
        turn.say(Awaited(author, post[0].cohort, _again_key(post), line, turn.now + USEFUL))


@feature.contributes(HELD)
def what_is_held(turn: Questions, event: PostHeld) -> Sequence[HeldPost]:
    post = _post_of(turn, event.anchor) if event.anchor.startswith("question/") and not event.change else None
    if post is None:
        return ()
    question, response = post
    if response is None:
        return [views.held_question(question, event.state == "lost")]
    return [views.held_reply(question, response, turn.people.person(question.asker).name, event.state == "lost")]


@feature.action("send_privately", roles=STAFF, lane="private")
def send_privately(turn: Questions, press: Press) -> Reply:
    """Gives the asker a reply that did not get into its thread."""
    response = turn.store.response(read_number(press.subject) or 0)
    question = turn.store.question(response.question) if response is not None else None
    if response is None or question is None or question.cohort != turn.here.id or response.author != turn.me.id:
        raise NotFound(_("This reply is not there any more."))
    if response.stands or response.deleted or question.state == "withdrawn":
        raise Spent(desk_views.not_lost())
    after = replace(response, post="privately", at=turn.now)
    turn.store.keep_response(after)
    turn.withdraw(response.anchor)
    question = count_response(turn, question, after)
    give_privately(turn, question, after)
    turn.happened(desk_changed(question, done=True))
    return views.given_privately(question, asker_name(turn, question))


@feature.action("post_again", roles=STAFF, lane="private")
def post_again(turn: Questions, press: Press) -> Reply:
    """Posts what was given up, and the question above it where that is missing, too."""
    lost = {desk_views.lost_name(*post): post for post, _ in _lost(turn, turn.here.id)}
    if press.subject not in lost:
        raise NotFound(desk_views.not_lost())
    question, response = lost[press.subject]
    if response is None or desk_views.lost_name(question, None) in lost:
        show(turn, question, question)
        _tell_author(turn, (question, None))
        for below in turn.store.unposted([question.id]):
            post_reply(turn, question, below)
            _tell_author(turn, (question, below))
        turn.happened(DeskChanged(question.cohort, f"lost/{desk_views.lost_name(question, None)}", done=True))
    if response is not None:
        post_reply(turn, question, response)
        _tell_author(turn, (question, response))
        turn.happened(DeskChanged(question.cohort, f"lost/{press.subject}", done=True))
    turn.log(f"posted question {question.id} again" if response is None else f"posted reply {response.id} again")
    return desk_views.posts_again(question, response)
