"""Posting, changing a post, taking it back; each time with a receipt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.errors import FormRefused, Refused, Spent
from bot.core.facts import (
    ItemDone,
    ItemsChanged,
    ItemTakenBack,
    NameChanged,
    PersonErased,
    QuestionRaised,
    QuotesWithdrawn,
    WordsEdited,
    WordsWithdrawn,
)
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.message import Instant
from bot.core.people import MEMBERS, Role
from bot.core.time import say
from bot.core.translation import _, phrase
from bot.core.typed import trim
from bot.core.voice import Hush
from bot.course.loader import course_of
from bot.features.discussions import finding, rules, showing, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.grouping import divide
from bot.features.discussions.rules import Replies, Round
from bot.features.discussions.store import (
    Post,
    desk_name,
    feature,
    item_name,
    more_replies_key,
    offer_anchor,
    receipt,
    reply_anchor,
)


@feature.action("post", roles=MEMBERS, lane="form")
def open_post(turn: Discussions, press: Press) -> Reply:
    round, before = open_round(turn, press.subject)
    return form_of(turn, round, before)


def open_round(turn: Discussions, subject: str) -> tuple[Round, Post | None]:
    """A round in which the acting learner may post now, and their post. Raises Refused."""
    round = finding.known(turn, subject)
    if Role.LEARNER not in turn.roles:
        dates = phrase("Open from {at} to {end}.", at=Instant(round.opens_at), end=Instant(round.closes_at))
        raise Refused(reply=views.for_the_team(dates))
    before = finding.posted_in(turn, round, turn.me.id)
    # Whoever posted before its start moved can still edit.
    if before is None and turn.now < min(round.opens_at, finding.ours(turn, subject).opens_at):
        raise Refused(reply=views.opens_later(round))
    if not rules.may_edit(round, before, turn.acted_at):
        raise Refused(reply=views.closed_to_edits(turn.here.id, round))
    return round, before


def form_of(turn: Discussions, round: Round, before: Post | None) -> Form:
    quotes = course_of(turn.here.course_text).privacy.quotes == "ask"
    return views.form(turn.here.id, round, before, quotes, _audience(turn, round), turn.now)


def _audience(turn: Discussions, round: Round) -> str:
    ours = finding.ours(turn, round.subject)
    return views.audience(ours, rules.is_divided(divide(turn, round)), finding.is_public(turn, ours))


def stored(turn: Discussions, filled: Submission) -> list[Stored]:
    """What the form would replace: the learner's own post."""
    __, before = open_round(turn, filled.subject)
    if before is None:
        return [Stored({}, "")]
    values = {views.field_name(title): text for title, text in before.values.items()}
    said = _("posted {say}", say=say(before.changed_at, turn.me.zone))
    return [Stored({**values, "quote": "yes" if before.quote else ""}, said)]


@feature.form("post", roles=MEMBERS, replaces=stored)
def take_post(turn: Discussions, filled: Submission) -> Reply:
    round, before = open_round(turn, filled.subject)
    titles = list(before.values) if before else [field.title for field in round.fields]
    names = {title: views.field_name(title) for title in titles}
    values = {title: trim(filled.values.get(name, "")) for title, name in names.items()}
    if filled.values.keys() - {*names.values(), "quote"}:
        # The form was opened before the course file changed. Whoever sent it reads what they typed below this.
        raise Refused(reply=views.has_other_parts(turn.here.id, round))
    if empty := {name: _("Please fill this in.") for title, name in names.items() if not values[title]}:
        raise FormRefused(empty, form_of(turn, round, before))
    agreed = bool(filled.values.get("quote"))
    if before is not None and before.values == values and before.quote == agreed:
        return views.unchanged()
    others = standing(turn, round)
    post = _keep(turn, round, before, values, agreed)
    replies = finding.to_reply(turn, round, turn.me.id)
    settle_words(turn, round)
    _follow(turn, round, post, first=before is None)
    _show_receipt(turn, round, post, replies)
    follow_others(turn, round, others)
    return None if turn.place is not None and turn.place.direct else views.posted(turn.here.id, round, replies)


def _keep(turn: Discussions, round: Round, before: Post | None, values: dict[str, str], agreed: bool) -> Post:
    if before is None:
        late, number = turn.acted_at >= round.closes_at, round.number
        new = Post(0, turn.here.id, round.discussion.id, number, turn.me.id, values, agreed, late, turn.now, turn.now)
        return turn.store.add(new)
    turn.forget(*(text for title, text in before.values.items() if text != values[title]))
    post = replace(before, values=values, quote=agreed, changed_at=turn.now)
    turn.store.keep(post)
    if before.quote and not agreed:
        turn.happened(QuotesWithdrawn(turn.here.id, post.person, list(before.values.values())))
    for title, text in before.values.items():
        if text != values[title]:
            turn.happened(WordsEdited(turn.here.id, post.person, text, values[title]))
    words = rules.part(post, "question", round.fields)
    if post.raised and words != rules.part(before, "question", round.fields):
        turn.happened(QuestionRaised(turn.here.id, post.person, words, desk_name(post)))
    return post


def _follow(turn: Discussions, round: Round, post: Post, first: bool) -> None:
    """What follows from a new or changed post: the thread, the summary, the cards, the desk."""
    showing.show_again(turn, post)
    if first:
        done(turn, round, post.person)


def settle_words(turn: Discussions, round: Round) -> None:
    """Whoever was asked whether their words in the thread are their post is not asked any more."""
    words = turn.store.offered(turn.here.id, round.discussion.id, round.number, turn.me.id)
    if words is None or not words.text:
        return
    turn.store.offer(replace(words, text=""))
    anchor, posted = offer_anchor(words), finding.posted_in(turn, round, turn.me.id) is not None
    turn.say(Hush(anchor))
    if turn.links.shown([anchor]):
        turn.show_to(turn.me.id, anchor, views.is_posted(round) if posted else views.stays_talk(turn.here.id, round))


def done(turn: Discussions, round: Round, person: int) -> None:
    """Somebody has posted or replied: their cards follow."""
    posted, replies = finding.posted_in(turn, round, person) is not None, finding.to_reply(turn, round, person)
    name = item_name(round.discussion.id, round.number)
    if posted and (round.replies_after or not replies.left):
        turn.happened(ItemDone(turn.here.id, name, person))
    if round.replies_after and not (replies.left or replies.later):
        turn.happened(ItemDone(turn.here.id, round.reply_item, person))
    elif not posted or replies.left:
        turn.happened(ItemsChanged(turn.here.id, person))


def undone(turn: Discussions, round: Round, person: int) -> None:
    """Somebody took a reply back, so something may be left to do again."""
    if finding.to_reply(turn, round, person).left:
        turn.happened(ItemTakenBack(turn.here.id, round.reply_item, person))
    show_receipt_again(turn, round, person)


def standing(turn: Discussions, round: Round, now: datetime | None = None) -> dict[int, Replies]:
    """What each author of a round still has to answer, as it stands now or at another instant."""
    people = finding.authors(turn, round) if round.replies else ()
    owed = finding.Owed(turn if now is None else replace(turn, now=now), turn.here, people)
    return {person: owed.by(round, person) for person in people}


def follow_others(turn: Discussions, round: Round, before: Mapping[int, Replies]) -> None:
    """Those who posted before have more or fewer posts to answer now: their cards, receipts and reminders follow."""
    for person, now in standing(turn, round).items():
        if person not in before or before[person] == now:
            continue
        name = round.reply_item
        if before[person].left and not now.left:
            turn.happened(ItemDone(turn.here.id, name, person))
        elif now.left and not before[person].left:
            turn.happened(ItemTakenBack(turn.here.id, name, person))
        else:
            turn.happened(ItemsChanged(turn.here.id, person))
        own = finding.round_of(turn, round.discussion.id, round.number, turn.people.person(person))
        if own is not None:
            show_receipt_again(turn, own, person)


def _show_receipt(turn: Discussions, round: Round, post: Post, replies: Replies) -> None:
    anchor = receipt(turn.here.id, post.discussion, post.round, post.person)
    name, who = turn.people.person(post.person).greeted, _audience(turn, round)
    turn.show_to(post.person, anchor, views.receipt(turn.here.id, name, round, post, who, replies, turn.now))


def show_receipt_again(turn: Discussions, round: Round, person: int) -> None:
    """The receipt of somebody's own post, after they replied to others."""
    post = finding.posted_in(turn, round, person)
    if post is not None and turn.links.shown([receipt(turn.here.id, post.discussion, post.round, person)]):
        _show_receipt(turn, round, post, finding.to_reply(turn, round, person))


def show_receipt_without(turn: Discussions, post: Post) -> None:
    """The receipt of a post whose round the course has no more."""
    anchor = receipt(turn.here.id, post.discussion, post.round, post.person)
    if turn.links.shown([anchor]):
        name = turn.people.person(post.person).greeted
        turn.show_to(post.person, anchor, views.receipt_without(turn.here.id, name, post))


def forgive(turn: Discussions, round: Round, person: int) -> None:
    """A late post that came before the close which its author has now is late no more."""
    post = finding.posted_in(turn, round, person)
    if post is not None and post.late and post.at < round.closes_at:
        turn.store.keep(replace(post, late=False))
        showing.show_again(turn, replace(post, late=False))


# Taking back


@feature.action("unquote", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def unquote(turn: Discussions, press: Press) -> Reply:
    """The author agrees no more to be quoted: possible at any time."""
    post = replace(finding.own_post(turn, press.subject), quote=False)
    turn.store.keep(post)
    turn.happened(QuotesWithdrawn(turn.here.id, post.person, list(post.values.values())))
    showing.follow_summary(turn, post)
    round = finding.round_of(turn, post.discussion, post.round, turn.me)
    if round is not None:
        show_receipt_again(turn, round, post.person)
    return views.not_quoted()


@feature.action("take_back", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def ask_take_back(turn: Discussions, press: Press) -> Reply:
    return views.sure_to_take_back(finding.own_post(turn, press.subject))


@feature.action("take_now", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def take_back(turn: Discussions, press: Press) -> Reply:
    post = finding.own_post(turn, press.subject)
    round = finding.round_of(turn, post.discussion, post.round, turn.me)
    withdraw(turn, post)
    words = views.title_of(round)
    running = round if turn.roles and turn.here.ended_at is None else None
    anchor = receipt(turn.here.id, post.discussion, post.round, post.person)
    turn.show_to(post.person, anchor, views.taken_back(turn.here.id, running, words))
    return views.gone()


def withdraw(turn: Discussions, post: Post) -> None:
    """Removes a post everywhere. `turn.here` is its cohort."""
    round = finding.round_of(turn, post.discussion, post.round)
    others = standing(turn, round) if round is not None else {}
    turn.forget(*post.values.values())
    turn.happened(QuotesWithdrawn(turn.here.id, post.person, list(post.values.values())))
    turn.store.take_back(post.id, turn.now)
    turn.withdraw_post("main", post.anchor)
    for response in turn.store.responses([post.id]):
        turn.say(Hush(reply_anchor(response, post.person)))
    turn.say(Hush(more_replies_key(post, post.person)))
    showing.follow_summary(turn, post)
    if post.raised:
        turn.happened(QuestionRaised(turn.here.id, post.person, "", desk_name(post)))
    turn.happened(ItemTakenBack(turn.here.id, item_name(post.discussion, post.round), post.person))
    turn.happened(WordsWithdrawn(turn.here.id))
    if round is not None and turn.here.ended_at is None:
        follow_others(turn, round, others)


@feature.on(PersonErased)
def erase(turn: Discussions, fact: PersonErased) -> None:
    """Takes back their posts and replies in every cohort."""
    for cohort, _discussion, response in turn.store.said(fact.person):
        withdraw_response(_at(turn, cohort), response.id)
    for post in turn.store.written(fact.person):
        withdraw(_at(turn, post.cohort), post)


@feature.on(NameChanged)
def follow_name(turn: Discussions, fact: NameChanged) -> None:
    """Shows their posts, and those they replied to, with the name that they have now."""
    replied = {response.post for _cohort, _discussion, response in turn.store.said(fact.person)}
    written = {post.id: post for post in turn.store.written(fact.person)}
    others = (turn.store.post(number) for number in sorted(replied - written.keys()))
    for post in (*written.values(), *(one for one in others if one is not None)):
        showing.show_again(_at(turn, post.cohort), post)


def _at(turn: Discussions, cohort: int) -> Discussions:
    return replace(turn, cohort=turn.people.cohort(cohort))


def withdraw_response(turn: Discussions, number: int) -> None:
    """Removes a reply everywhere. `turn.here` is its cohort."""
    response = turn.store.response(number)
    post = turn.store.post(response.post) if response else None
    if response is None:
        return
    turn.forget(response.text)
    turn.store.take_back_response(response.id, turn.now)
    if post is not None:
        showing.show_again(turn, post)
    heard = {reply_anchor(response, p.id): p.id for p in turn.people.members(turn.here.id)}
    turn.say(*(Hush(key) for key in heard))
    for key in turn.links.shown(heard):
        turn.show_to(heard[key], key, views.reply_is_gone())
    turn.happened(WordsWithdrawn(turn.here.id))


def post_is_gone() -> Spent:
    return Spent(_("This post was taken back by its author."))
