"""Reading what others wrote, and one's own part."""

from bot.core.errors import Refused
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, Role
from bot.core.voice import Hush
from bot.features.discussions import finding, rules, showing, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.store import Post, feature, more_replies_key, reply_anchor


@feature.action("read", roles=MEMBERS, lane="private")
def read(turn: Discussions, press: Press) -> Reply:
    """The subject: the round, and after another '.' the page."""
    subject, page = finding.paged(press.subject, parts=2)
    round = finding.ours(turn, subject)
    posts = showing.in_round(turn, round)
    _check(turn, subject, any(p.person == turn.me.id for p in posts))
    circle = finding.circle(turn, round)
    found = [p for p in posts if p.person in circle]
    responses = turn.store.responses([p.id for p in found])
    names = finding.names(turn, {*(p.person for p in found), *(r.person for r in responses)})
    groups = turn.store.groups(turn.here.id, round.discussion.id)
    here = finding.here(turn, turn.here)
    ordered = rules.in_order(found, responses, turn.me.id, groups, here)
    alone = rules.is_divided(groups) and not finding.is_public(turn, round) and turn.now < round.halfway
    wider = round.halfway if alone else None
    return views.others(turn.here.id, round, ordered, showing.by_post(responses), names, here, page, wider)


def _check(turn: Discussions, subject: str, posted: bool) -> None:
    """Raises Refused if the acting person may not read the others yet."""
    ours, own = finding.ours(turn, subject), finding.known(turn, subject)
    if finding.may_read(turn, ours, posted=posted):
        return
    if ours.discussion.reveal == "close" or Role.LEARNER not in turn.roles:
        raise Refused(reply=views.not_before(ours))
    raise Refused(reply=views.post_first(turn.here.id, own))


@feature.action("look", roles=MEMBERS, lane="private")
def look(turn: Discussions, press: Press) -> Reply:
    """One post with all replies. The subject: the post, and after a '.' the page."""
    subject, page = finding.paged(press.subject, parts=1)
    post, round = finding.seen(turn, subject)
    responses = turn.store.responses([post.id])
    if post.person == turn.me.id:
        _heard(turn, post)
    names = finding.names(turn, {post.person, *(r.person for r in responses)})
    return views.one(post, views.title_of(round), responses, names, page)


@feature.action("mine", roles=MEMBERS, lane="private", after_leaving=True)
def mine(turn: Discussions, press: Press) -> Reply:
    """One's own part; also of rounds that the course has no more, all of them together."""
    id, number = finding.named(press.subject)
    round = finding.round_of(turn, id, number, turn.me)
    posts = turn.store.posts(turn.here.id, id)
    there = {r.number for r in finding.rounds_of(turn, id, turn.me)}
    own = [p for p in posts if p.person == turn.me.id]
    mine = [p for p in own if p.round == number or (round is None and p.round not in there)]
    responses = turn.store.responses([p.id for p in mine])
    for post in mine:
        _heard(turn, post)
    said = [response for *where, response in turn.store.said(turn.me.id) if where == [turn.here.id, id]]
    authors = {p.id: p.person for p in posts}
    names = finding.names(turn, {turn.me.id, *authors.values(), *(r.person for r in responses)})
    answered = [(names[authors[r.post]] if r.post in authors else "", r) for r in said]
    by_post = showing.by_post(responses)
    return views.mine(turn.here.id, round, [(p, by_post.get(p.id, ())) for p in mine], answered, names)


def _heard(turn: Discussions, post: Post) -> None:
    """The author reads the replies now, and need not hear of them again."""
    me = turn.me.id
    turn.say(Hush(more_replies_key(post, me)), *(Hush(reply_anchor(r, me)) for r in turn.store.responses([post.id])))
