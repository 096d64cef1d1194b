"""What people wrote for a channel that could not be posted: it stands on the desk, and one press posts it again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import DESK, Pile
from bot.core.errors import NotFound
from bot.core.events import PostHeld
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person
from bot.core.turn import Turn
from bot.features.questions import desk_views
from bot.features.questions.marking import asker_name, author_name, post_reply, show
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
        if post is not None:
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
    """A desk that is posted shows what is given up."""
    post = _post_of(turn, event.anchor) if event.anchor.startswith("question/") else None
    if post is not None and event.state == "lost":
        turn.happened(DeskChanged(post[0].cohort, f"lost/{desk_views.lost_name(*post)}"))


@feature.action("post_again", roles=STAFF, lane="private")
def post_again(turn: Questions, press: Press) -> Reply:
    """Posts what was given up, and the question above it where that is missing, too."""
    lost = {desk_views.lost_name(*post): post for post, _ in _lost(turn, turn.here.id)}
    if press.subject not in lost:
        raise NotFound(desk_views.not_lost())
    question, response = lost[press.subject]
    if response is None or desk_views.lost_name(question, None) in lost:
        show(turn, question, question)
        turn.happened(DeskChanged(question.cohort, f"lost/{desk_views.lost_name(question, None)}", done=True))
    if response is not None:
        post_reply(turn, question, response)
        turn.happened(DeskChanged(question.cohort, f"lost/{press.subject}", done=True))
    turn.log(f"posted question {question.id} again" if response is None else f"posted reply {response.id} again")
    return desk_views.posts_again(question, response)
