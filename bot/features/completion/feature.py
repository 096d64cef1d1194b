"""Completion: one's own progress, the final card, the certificate, the completion list, and the end of a cohort."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.contributions import AGENDA, AGENDA_AFTER_END, DATES, Date, Upcoming
from bot.core.due import Due
from bot.core.facts import CameBack, DatesMoved, ItemDone, ItemMoved, ItemsChanged, ItemTakenBack, ZoneChanged
from bot.core.feature import Press, Reply
from bot.core.people import MANAGERS, STAFF, Cohort, Person, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.completion import archive, certificates, closing, over, progress, rules, standing, team_views, views
from bot.features.completion.progress_views import progress_button
from bot.features.completion.store import CompletionStore, feature

__all__ = ["archive", "certificates", "feature", "over", "progress"]


# When the final card comes


@feature.due("final", within=timedelta(days=28), title=N_("Final cards"))
def tell_final(turn: Turn[CompletionStore], batch: Sequence[Due]) -> None:
    people = {due.person for due in batch if due.person is not None}
    standing.tell(turn, turn.here, people - turn.store.told(turn.here.id, people))


# What follows the final card


@feature.due("closed", within=timedelta(days=28), fold=True, after_end=True)
def follow_close(turn: Turn[CompletionStore], batch: Sequence[Due]) -> None:
    """The time for late work is over: final cards say what is still accepted, also in a cohort that has ended."""
    standing.follow(turn, turn.here)


@feature.on(DatesMoved)
def follow_dates(turn: Turn[CompletionStore], fact: DatesMoved) -> None:
    standing.follow(turn, turn.here)


@feature.on(ZoneChanged)
def follow_clock(turn: Turn[CompletionStore], fact: ZoneChanged) -> None:
    for ended in (False, True):
        for membership in turn.people.memberships(fact.person, ended=ended):
            home = turn.people.cohort(membership.cohort)
            if home is not None and turn.store.told(home.id, {fact.person}):
                standing.follow(turn, home, {fact.person})


def follow_item(turn: Turn[CompletionStore], fact: ItemDone | ItemTakenBack | ItemMoved | ItemsChanged) -> None:
    standing.follow(turn, turn.here, None if fact.person is None else {fact.person})


feature.on(ItemDone)(follow_item)
feature.on(ItemTakenBack)(follow_item)
feature.on(ItemMoved)(follow_item)
feature.on(ItemsChanged)(follow_item)


@feature.on(CameBack)
def tell_who_came_back(turn: Turn[CompletionStore], fact: CameBack) -> None:
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None:
        standing.tell_again(turn, cohort, fact.person)


@feature.contributes(DATES)
def end(turn: Turn[CompletionStore], cohort: Cohort, person: Person) -> Sequence[Date]:
    """The last minute of the last week by the cohort's clock."""
    course = course_of(cohort.course_text)
    return [Date(rules.over_at(course, cohort) - timedelta(minutes=1), "end", course.id, course.title)]


# One's own progress


@feature.contributes(AGENDA)
def how_far(turn: Turn[CompletionStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    if Role.LEARNER not in turn.roles:
        return ()
    so_far = Upcoming(
        (_("My progress has what you did, and what is left."),), button=progress_button(cohort), last=True
    )
    return (*_by_the_rule(turn, person, cohort), so_far)


@feature.contributes(AGENDA_AFTER_END)
def what_stays(turn: Turn[CompletionStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    stands = Upcoming((_("Your work is kept."),), button=views.stands_button(cohort), last=True)
    return (*_by_the_rule(turn, person, cohort), stands) if Role.LEARNER in turn.roles else ()


def _by_the_rule(turn: Turn[CompletionStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """The certificate, or the progress towards it, where the course asks for anything."""
    (found,) = standing.standings(turn, cohort, [person])
    if found.certificate is not None:
        line = views.completed_line(found.certificate)
        return (Upcoming(line, button=views.certificate_button(cohort), last=True),)
    return (Upcoming(views.line(found), last=True),) if found.asks else ()


# For the course team


@feature.action("list", roles=STAFF, lane="private", after_end=True)
def completion_list(turn: Turn[CompletionStore], press: Press) -> Reply:
    cohort = turn.here
    found = standing.standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    active = archive.active_at_end(turn, cohort, {s.person.id for s in found})
    return team_views.completion_list(cohort, found, active, archive.completion_file(turn, cohort, found))


@feature.action("close", roles=MANAGERS, lane="private")
def ask_close(turn: Turn[CompletionStore], press: Press) -> Reply:
    found = closing.outlook(turn, turn.here)
    return team_views.sure_to_close(turn.here, found)


@feature.action("close_now", roles=MANAGERS, lane="private")
def close_now(turn: Turn[CompletionStore], press: Press) -> Reply:
    return closing.end_and_archive(turn, cut_short=False)


@feature.action("cut_now", roles=MANAGERS, lane="private")
def close_and_cut_short(turn: Turn[CompletionStore], press: Press) -> Reply:
    return closing.end_and_archive(turn, cut_short=True)


@feature.action("files", roles=MANAGERS, lane="private", after_end=True)
def files_anew(turn: Turn[CompletionStore], press: Press) -> Reply:
    return team_views.archive(turn.here, archive.files(turn, turn.here))
