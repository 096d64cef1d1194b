"""When a round closes: its posts come into the thread, with a summary; and how posts there are kept up to date."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.due import Due
from bot.core.facts import DeskChanged
from bot.core.translation import N_
from bot.features.discussions import finding, rules, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.opening import due_rounds, show_root
from bot.features.discussions.rules import Round
from bot.features.discussions.store import Post, Response, feature, on_desk, root, summary

QUOTES = 5
"""Posts that are quoted in a summary."""


@feature.due("close", within=timedelta(days=14), title=N_("The posts of a discussion"), by_day=True)
def close_rounds(turn: Discussions, batch: Sequence[Due]) -> None:
    for _due, round in due_rounds(turn, batch):
        if round.closes_at > turn.now:
            continue
        posts = in_round(turn, round)
        responses = by_post(turn.store.responses([p.id for p in posts]))
        for post in posts:
            show_post(turn, round, post, responses.get(post.id, ()))
            turn.happened(DeskChanged(turn.here.id, on_desk(post)))
        show_summary(turn, round)


def in_round(turn: Discussions, round: Round) -> list[Post]:
    return [p for p in turn.store.posts(turn.here.id, round.discussion.id) if p.round == round.number]


def by_post(responses: Sequence[Response]) -> dict[int, list[Response]]:
    found: dict[int, list[Response]] = {}
    for response in responses:
        found.setdefault(response.post, []).append(response)
    return found


def show_post(turn: Discussions, round: Round, post: Post, responses: Sequence[Response] | None = None) -> None:
    """A post in the thread, if the round (by the cohort's clock) is there yet."""
    if not rules.in_thread(round, turn.now):
        return
    found = turn.store.responses([post.id]) if responses is None else responses
    names = finding.names(turn, {post.person, *(r.person for r in found)})
    message = views.in_thread(post, round, names, found)
    turn.post("main", post.anchor, message, below=root(turn.here.id, round.discussion.id))


def show_summary(turn: Discussions, round: Round) -> None:
    """The summary, and the post in the channel, once the round (by the cohort's clock) has closed. No post in the
    channel where nobody posted and the discussion never opened, and no summary where nobody posted or talked; one that
    stands is kept up to date."""
    above = root(turn.here.id, round.discussion.id)
    posts = in_round(turn, round)
    if turn.now < round.closes_at or not (posts or turn.links.shown([above])):
        return
    counts, responses = counted(turn, round, posts), turn.store.responses([p.id for p in posts])
    if round.is_last:
        show_root(turn, round, counts)
    below = summary(turn.here.id, round.discussion.id, round.number)
    talk = turn.store.talked(turn.here.id, round.discussion.id)
    if not (posts or talk or turn.links.shown([below])):
        return
    answers = by_post(responses)
    agreed = sorted((p for p in posts if p.quote), key=lambda p: (-len(answers.get(p.id, ())), p.id))[:QUOTES]
    names = finding.names(turn, {p.person for p in agreed})
    message = views.summary(round, counts, talk, [(names[p.person], p) for p in agreed])
    turn.post("main", below, message, below=above)


def counted(turn: Discussions, round: Round, posts: Sequence[Post]) -> tuple[int, int, int]:
    """(posted, of, replies) of a round by the cohort's clock."""
    until = min(turn.now, round.closes_at)
    expected = set(turn.people.expected(turn.here.id, round.opens_at, until)) if until > round.opens_at else set()
    authors = {p.person for p in posts}
    return len(authors), len(expected | authors), len(turn.store.responses([p.id for p in posts]))
