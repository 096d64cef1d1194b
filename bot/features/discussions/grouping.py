"""Groups: who reads whom before the close, in a large cohort."""

from bot.core.facts import Joined, Left
from bot.core.people import Role
from bot.course.loader import course_of
from bot.features.discussions import finding, rules
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Round
from bot.features.discussions.store import feature


def divide(turn: Discussions, round: Round) -> dict[int, int]:
    """Stores and returns the groups of a discussion: of those who are there when it opens, people in near zones
    together; those who come later are in the smallest."""
    cohort, discussion = turn.here.id, round.discussion
    before, learners = dict(turn.store.groups(cohort, discussion.id)), finding.learners(turn)
    if before:
        made = rules.with_newcomers(before, [p.id for p in learners if p.id not in before])
    else:
        made = rules.grouped(learners, discussion.group, turn.now)
    turn.store.put_groups(cohort, discussion.id, made)
    return before | made


@feature.on(Joined)
def group_newcomer(turn: Discussions, fact: Joined) -> None:
    if Role(fact.role) is not Role.LEARNER:
        return
    for id in {discussion.id for discussion in course_of(turn.here.course_text).discussions}:
        before = turn.store.groups(fact.cohort, id)
        if before and fact.person not in before:
            turn.store.put_groups(fact.cohort, id, rules.with_newcomers(before, [fact.person]))


@feature.on(Left)
def leave_groups(turn: Discussions, fact: Left) -> None:
    turn.store.leave_groups(fact.cohort, fact.person)
