"""When rounds open: the post in the channel, and the groups."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.core.due import Due, Plan
from bot.core.facts import CohortPlanned, Joined, Left
from bot.core.people import Role
from bot.core.planning import Planning
from bot.core.translation import N_
from bot.features.discussions import finding, rules, views
from bot.features.discussions.finding import Discussions
from bot.features.discussions.rules import Round
from bot.features.discussions.store import feature, root, thread

OPEN = "discussions.open"
CLOSE = "discussions.close"


@feature.planned("open", "close")
def plan(turn: Discussions, planning: Planning) -> Iterator[Plan]:
    """The instants are part of the names, so that a round whose dates moved is opened and closed again."""
    if not planning.whole:
        return
    cohort = planning.cohort
    for round in rules.all_rounds(cohort, cohort.zone):
        subject = f"{cohort.id}/{round.subject}"
        if round.closes_at > turn.now:
            opens = max(round.opens_at, turn.now)
            yield Plan(OPEN, subject, round.opens_at.isoformat(), opens, cohort.id)
            yield Plan(CLOSE, subject, round.closes_at.isoformat(), round.closes_at, cohort.id)
        elif turn.links.shown([root(cohort.id, round.discussion.id)]):
            yield Plan(CLOSE, subject, round.closes_at.isoformat(), turn.now, cohort.id)


@feature.due("open", within=timedelta(days=7), title=N_("The post that opens a discussion"), by_day=True)
def open_rounds(turn: Discussions, batch: Sequence[Due]) -> None:
    """One that closed during a downtime is left out; if the course team has it opened all the same, late posts come."""
    for due, round in due_rounds(turn, batch):
        if due.at < round.closes_at <= turn.now:
            turn.features.leave_out(turn, [due])
        elif round.opens_at <= turn.now:
            show_root(turn, round)
            if round.number:
                above = root(turn.here.id, round.discussion.id)
                anchor = f"{thread(turn.here.id, round.discussion.id)}/round/{round.number}"
                turn.post("main", anchor, views.next_round(turn.here.id, round), below=above)


def due_rounds(turn: Discussions, batch: Sequence[Due]) -> Iterator[tuple[Due, Round]]:
    """Due rows with their rounds by the cohort's clock, without those that the course has no more."""
    for due in batch:
        discussion, _, number = due.subject.partition("/")[2].partition(".")
        round = finding.round_of(turn.here, discussion, int(number), turn.here.zone)
        if round is not None:
            yield due, round


def show_root(turn: Discussions, round: Round, counts: tuple[int, int, int] | None = None) -> None:
    """The post in the channel, with this round as the newest one."""
    grouped = is_grouped(turn, round)
    message = views.root(turn.here.id, round, grouped, turn.now, counts)
    turn.post("main", root(turn.here.id, round.discussion.id), message)


@feature.on(CohortPlanned)
def follow_course(turn: Discussions, fact: CohortPlanned) -> None:
    """The posted dates and words follow the course while a round is open."""
    newest: dict[str, Round] = {}
    for round in rules.all_rounds(turn.here, turn.here.zone):
        if round.opens_at <= turn.now:
            newest[round.discussion.id] = round
    for id, round in newest.items():
        if turn.now < round.closes_at and turn.links.shown([root(turn.here.id, id)]):
            show_root(turn, round)


# Groups


def is_grouped(turn: Discussions, round: Round) -> bool:
    """Whether people read one another in groups. The groups are made when this is first asked."""
    return len(set(groups_of(turn, round).values())) > 1


def groups_of(turn: Discussions, round: Round) -> dict[int, int]:
    """The groups of a discussion: of those who are there when it opens, people in near zones together; who comes later
    is in the smallest."""
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
    for id in {round.discussion.id for round in rules.all_rounds(turn.here, turn.here.zone)}:
        before = turn.store.groups(fact.cohort, id)
        if before and fact.person not in before:
            turn.store.put_groups(fact.cohort, id, rules.with_newcomers(before, [fact.person]))


@feature.on(Left)
def leave_groups(turn: Discussions, fact: Left) -> None:
    turn.store.leave_groups(fact.cohort, fact.person)
