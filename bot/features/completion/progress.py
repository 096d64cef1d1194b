"""One's own progress: what a learner did week by week, what is left, and how many are at the same point."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.asking import asked_of
from bot.core.contributions import FEEDBACK, Item
from bot.core.due import Due, Plan
from bot.core.errors import NotFound
from bot.core.feature import Press, Reply
from bot.core.message import Message
from bot.core.pages import way_in
from bot.core.people import MEMBERS, Role
from bot.core.time import local_day
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.completion import progress_views, rules, standing
from bot.features.completion.progress_views import Progress
from bot.features.completion.store import CompletionStore, Points, feature

Completion = Turn[CompletionStore]

PAGE = "progress/{cohort}"

COUNTED_FOR = timedelta(days=1)
"""How long a count of a cohort's learners is used. It is also too old to tell who has just moved on."""


@feature.action("stands", roles=MEMBERS, lane="private", after_end=True)
def where_i_stand(turn: Completion, press: Press) -> Reply:
    """One's own progress up to a week; in a cohort that has ended first what is on the final card."""
    if not press.subject and turn.here.ended_at is not None:
        final = standing.final(turn, turn.here, standing.standings(turn, turn.here, [turn.me])[0])
        return final.with_blocks(progress_views.week_by_week(turn.here))
    _count_soon(turn, turn.store.points(turn.here.id))
    paged = bool(turn.links.address) and turn.here.ended_at is None
    return progress_views.card(_progress(turn), read_number(press.subject), paged)


@feature.action("read", roles=MEMBERS, lane="private")
def lead_to_page(turn: Completion, press: Press) -> Reply:
    if not turn.links.address:
        raise NotFound(_("Pages are not served here. `/cohort` leads to your progress."))
    address = turn.links.invite(turn.me.id, PAGE.format(cohort=turn.here.id))
    return way_in(address, _("My progress on a page"))


@feature.page(
    PAGE,
    title=N_("Your progress"),
    roles=MEMBERS,
    tab=N_("My progress"),
    way=N_("In the chat, write `/cohort` and press 'My progress', then 'On a page' for a new link."),
)
def show_page(turn: Completion, asked: Mapping[str, str]) -> Message:
    return progress_views.page(_progress(turn))


def _progress(turn: Completion) -> Progress:
    cohort, person, course = turn.here, turn.me, course_of(turn.here.course_text)
    items = [item for _person, item in asked_of(turn, cohort, [person]) if not item.is_left_out]
    points, same = turn.store.points(cohort.id), 0
    if points is not None and Role.LEARNER in turn.roles:
        same = rules.at_same_point(points.learners, rules.point(items, turn.now), course.privacy.smallest_group)
    return Progress(
        cohort,
        standing.standings(turn, cohort, [person])[0],
        items,
        turn.collect(FEEDBACK, cohort, person),
        turn.now,
        cohort.week_on(local_day(turn.now, person.zone)),
        same,
    )


# How many are at the same point


def _count_soon(turn: Completion, last: Points | None) -> None:
    """Lets all learners be counted after this, at most once a day. A cohort of thousands takes seconds."""
    cohort = turn.here
    if cohort.ended_at is None and (last is None or turn.now - last.at >= COUNTED_FOR):
        turn.plan(Plan("completion.count", str(cohort.id), last.at.isoformat() if last else "", turn.now, cohort.id))


@feature.due("count", within=timedelta(days=28), fold=True)
def count(turn: Completion, batch: Sequence[Due]) -> None:
    cohort = turn.here
    expected = set(turn.people.expected(cohort.id, turn.now - COUNTED_FOR, turn.now))
    people = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in expected]
    theirs: dict[int, list[Item]] = {p.id: [] for p in people}
    for person, item in asked_of(turn, cohort, people):
        theirs[person].append(item)
    found = Counter(rules.point(items, turn.now) for items in theirs.values())
    turn.store.count(cohort.id, Points(turn.now, found))
