"""What a discussion shows in the channel: its root, the posts in its thread, and a summary of each closed round."""

from collections.abc import Sequence

from bot.core.facts import DeskChanged
from bot.core.people import STAFF, Role
from bot.course.model import Discussion
from bot.features.discussions import finding, rules, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.grouping import divide
from bot.features.discussions.rules import Counts, Round
from bot.features.discussions.store import Post, Response, desk_name, more_rounds, root, summary

QUOTES = 5
"""Posts that are quoted in a summary."""


def in_round(turn: Discussions, round: Round) -> list[Post]:
    return [p for p in turn.store.posts(turn.here.id, round.discussion.id) if p.round == round.number]


def by_post(responses: Sequence[Response]) -> dict[int, list[Response]]:
    found: dict[int, list[Response]] = {}
    for response in responses:
        found.setdefault(response.post, []).append(response)
    return found


def show_root(turn: Discussions, discussion: Discussion) -> None:
    """The post in the channel, with the newest round that has opened."""
    rounds = finding.rounds_of(turn, discussion.id)
    opened = [round for round in rounds if round.opens_at <= turn.now]
    newest = opened[-1] if opened else rounds[0]
    counts = counted(turn, newest, in_round(turn, newest)) if newest.closes_at <= turn.now else None
    following = next((round for round in rounds if round.opens_at > turn.now), None) if opened else None
    public = finding.is_public(turn, newest)
    divided = rules.is_divided(divide(turn, newest))
    message = views.root(turn.here, newest, divided, turn.now, counts, following, public)
    turn.post("main", root(turn.here.id, discussion.id), message)


def show_round(turn: Discussions, round: Round) -> None:
    """In the thread: that a later round is open."""
    here, id = turn.here.id, round.discussion.id
    message = views.next_round(turn.here, round, turn.now)
    turn.post("main", more_rounds(here, id, round.number), message, below=root(here, id))


def follow(turn: Discussions, discussion: Discussion) -> None:
    """Shows again what is posted of a discussion: its dates or words are others now."""
    here = turn.here.id
    if not turn.links.shown([root(here, discussion.id)]):
        return
    for round in finding.rounds_of(turn, discussion.id):
        if turn.links.shown([more_rounds(here, discussion.id, round.number)]):
            show_round(turn, round)
        if turn.links.shown([summary(here, discussion.id, round.number)]):
            show_summary(turn, round)
    show_root(turn, discussion)


def take_out_round(turn: Discussions, discussion: str, number: int) -> None:
    """What opened a round that the course has no more, and its summary. What people wrote stays in the thread."""
    here = turn.here.id
    for anchor in turn.links.shown([more_rounds(here, discussion, number), summary(here, discussion, number)]):
        turn.withdraw_post("main", anchor)


def take_out(turn: Discussions, discussion: str) -> None:
    """The root of a discussion that the course has no more. What people wrote stays in its thread."""
    anchor = root(turn.here.id, discussion)
    if turn.links.shown([anchor]):
        turn.post("main", anchor, views.taken_out(turn.here.id, discussion))


def show_again(turn: Discussions, post: Post) -> None:
    """A post in the thread, its round's summary and the desk, after something about it changed."""
    show_post(turn, post)
    follow_summary(turn, post)
    round = finding.round_of(turn, post.discussion, post.round)
    if round is not None and round.closes_at <= turn.now:
        turn.happened(DeskChanged(turn.here.id, desk_name(post)))


def show_post(turn: Discussions, post: Post, responses: Sequence[Response] | None = None) -> None:
    """A post in the thread, if it stands there, or if its round is open to all."""
    round = finding.round_of(turn, post.discussion, post.round)
    if (round is None or not finding.is_public(turn, round)) and not turn.links.shown([post.anchor]):
        return
    found = turn.store.responses([post.id]) if responses is None else responses
    names = finding.names(turn, {post.person, *(r.person for r in found)})
    message = views.in_thread(post, names, found)
    turn.post("main", post.anchor, message, below=root(turn.here.id, post.discussion))


def follow_summary(turn: Discussions, post: Post) -> None:
    """The summary of a post's round. It goes with what it quotes if the course has the round no more."""
    round = finding.round_of(turn, post.discussion, post.round)
    if round is not None:
        show_summary(turn, round)
    else:
        turn.withdraw_post("main", summary(turn.here.id, post.discussion, post.round))


def show_summary(turn: Discussions, round: Round) -> None:
    """The summary, and the post in the channel, once the round (by the cohort's clock) has closed. No post in the
    channel where nobody posted and the discussion never opened, and no summary where nobody posted or talked; one that
    stands is kept up to date, even if the round is open again."""
    here, discussion = turn.here.id, round.discussion
    above, below = root(here, discussion.id), summary(here, discussion.id, round.number)
    stands, over = bool(turn.links.shown([below])), round.closes_at <= turn.now
    posts = in_round(turn, round)
    if not (stands or (over and (posts or turn.links.shown([above])))):
        return
    if over:
        show_root(turn, discussion)
    rounds = finding.rounds_of(turn, discussion.id)
    # Each message counts in one round: until the next one opens.
    since = round.opens_at if round.position else None
    until = next((r.opens_at for r in rounds if r.position == round.position + 1), None)
    talk = turn.store.talked(here, discussion.id, since, until)
    if not (posts or talk or stands):
        return
    answers = by_post(turn.store.responses([p.id for p in posts]))
    agreed = sorted((p for p in posts if p.quote), key=lambda p: (-len(answers.get(p.id, ())), p.id))[:QUOTES]
    names, counts = finding.names(turn, {p.person for p in agreed}), counted(turn, round, posts)
    message = views.summary(round, counts, talk, [(names[p.person], p) for p in agreed], over=over)
    turn.post("main", below, message, below=above)


def counted(turn: Discussions, round: Round, posts: Sequence[Post]) -> Counts:
    """How many took part in a round, by the cohort's clock."""
    until = min(turn.now, round.closes_at)
    expected = set(turn.people.expected(turn.here.id, round.opens_at, until)) if until > round.opens_at else set()
    authors = {p.person for p in posts}
    team = {p.id for role in STAFF for p in turn.people.members(turn.here.id, role)}
    team -= {p.id for p in turn.people.members(turn.here.id, Role.LEARNER)}
    replies = turn.store.responses([p.id for p in posts])
    by_team = sum(response.person in team for response in replies)
    return Counts(len(authors), len(expected | authors), len(replies) - by_team, by_team)
