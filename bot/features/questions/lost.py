"""What people wrote for a channel and is not there. A reply counts only while the asker can read it; what could not be
posted stands on the desk, and one press posts it again or gives it to the asker."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.contributions import DESK, HELD, HeldPost, Pile
from bot.core.errors import NotFound, Spent
from bot.core.events import PostHeld
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person
from bot.core.private import held_key
from bot.core.translation import _
from bot.core.turn import Held, Turn
from bot.core.voice import Awaited, Hush
from bot.features.questions import desk_views, views
from bot.features.questions.following import count_response, give_privately, tell_asker, uncount_response
from bot.features.questions.marking import USEFUL, asker_name, author_name, desk_changed, let_go, post_reply, show
from bot.features.questions.store import Question, QuestionStore, Response, feature

Questions = Turn[QuestionStore]
Post = tuple[Question, Response | None]
"""A question, or a reply to it."""


@feature.contributes(DESK)
def on_the_desk(turn: Questions, cohort: Cohort, person: Person) -> Sequence[Pile]:
    found = [(*post, _author(turn, post), held.since, held.why) for post, held in _lost(turn, cohort.id)]
    names = {question.id: name for question, *_rest in found if (name := asker_name(turn, question))}
    return [desk_views.lost(cohort, found, names)] if found else ()


def _lost(turn: Questions, cohort: int) -> Iterator[tuple[Post, Held]]:
    for anchor, held in turn.links.held(cohort, "question/").items():
        post = _post_of(turn, anchor) if held.lost else None
        if post is not None and (post[1] is None or post[1].post != "privately"):
            yield post, held


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


def _below_deleted(turn: Questions, event: PostHeld) -> tuple[Question, Response] | None:
    """The reply for which an event is, if its question is deleted."""
    match event.anchor.split("/"):
        case ["question", _number, "reply", number] if not event.change:
            response = turn.store.response(read_number(number) or 0)
            question = turn.store.question(response.question) if response is not None else None
            if response is not None and question is not None and response.text and question.state == "withdrawn":
                return question, response
    return None


@feature.on(PostHeld)
def follow_held(turn: Questions, event: PostHeld) -> None:
    """A desk that is posted shows what is given up, and a question whose reply did not get into its thread."""
    below = _below_deleted(turn, event)
    if below is not None and event.state == "lost" and below[1].post in ("", "waits"):
        turn = replace(turn, cohort=turn.people.cohort(below[0].cohort))
        let_go(turn, *below, gone=True)
    post = _post_of(turn, event.anchor) if event.anchor.startswith("question/") and not event.change else None
    if post is None:
        return
    question, response = post
    turn = replace(turn, cohort=turn.people.cohort(question.cohort))
    if event.person not in (None, _by(post)):
        # Somebody of the course team posts it again.
        if event.state == "posted":
            _tell_author(turn, post)
            turn.withdraw(held_key(_by(post) or 0, event.anchor))
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
    below = _below_deleted(turn, event)
    if below is not None and (event.state == "lost" or (event.state == "dropped" and below[1].post == "lost")):
        return [HeldPost(told=True)]
    post = _post_of(turn, event.anchor) if event.anchor.startswith("question/") and not event.change else None
    if post is None:
        return ()
    question, response = post
    if event.state == "dropped":
        closed = response is None and question.state == "dropped"
        return [HeldPost(quiet=True)] if closed or (response is not None and response.post == "privately") else ()
    lost, by = event.state == "lost", _by(post)
    others = "" if event.person == by else _author(turn, post) or _("somebody")
    if response is not None:
        held = views.held_reply(question, response, turn.people.person(question.asker).name, lost)
        return [replace(held, by=others)]
    cohort = turn.people.cohort(question.cohort)
    since = cohort.lost_at(event.place) if cohort is not None else None
    said = not others and (event.state == "posted" or (since is not None and since <= event.since))
    return [replace(views.held_question(question, lost), by=others, said=said)]


@feature.action("send_privately", roles=STAFF, lane="private")
def send_privately(turn: Questions, press: Press) -> Reply:
    """Gives the asker a reply of the course team that did not get into its thread. What told its author that it was not
    posted becomes the receipt."""
    response = turn.store.response(read_number(press.subject) or 0)
    question = turn.store.question(response.question) if response is not None else None
    if response is None or response.author is None or response.own or question is None:
        raise NotFound(_("This reply is not there any more."))
    if question.cohort != turn.here.id:
        raise NotFound(_("This reply is not there any more."))
    key, receipt = (
        held_key(response.author, response.anchor),
        views.given_privately(question, asker_name(turn, question)),
    )
    if response.post == "privately" and not response.deleted:
        return receipt
    if response.stands or response.deleted or (question.state == "withdrawn" and response.post != "lost"):
        raise Spent(desk_views.not_lost())
    turn.say(Hush(key))
    if turn.links.shown([key]):
        turn.show_to(response.author, key, receipt)
    after = replace(response, post="privately", at=turn.now)
    turn.store.keep_response(after)
    turn.withdraw(response.anchor)
    question = count_response(turn, question, after)
    give_privately(turn, question, after)
    turn.happened(desk_changed(question, done=True))
    turn.happened(DeskChanged(question.cohort, f"lost/{desk_views.lost_name(question, response)}", done=True))
    return None if turn.about == key else receipt


@feature.action("post_again", roles=STAFF, lane="private")
def post_again(turn: Questions, press: Press) -> Reply:
    """Posts what was given up, and the question above it where that is missing, too."""
    lost = {desk_views.lost_name(*post): post for post, _held in _lost(turn, turn.here.id)}
    if press.subject not in lost:
        raise NotFound(desk_views.not_lost())
    question, response = lost[press.subject]
    # What is refused again comes as a new message, which people notice.
    turn.withdraw(held_key(turn.me.id, response.anchor if response is not None else question.root))
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
