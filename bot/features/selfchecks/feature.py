"""Self-checks: a learner tries a question of the week, and then sees its answer by one press.

What they write is dropped as it arrives. The question stands in their direct messages, and shows the course's present
answer once they looked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.actions import read_number
from bot.core.contributions import EXTRAS, Extra
from bot.core.errors import NotFound, Refused
from bot.core.facts import CohortPlanned
from bot.core.feature import Press, Reply, Submission
from bot.core.message import Message
from bot.core.people import MEMBERS, Cohort, Role
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.selfchecks import reporting, rules, views
from bot.features.selfchecks.store import Check, SelfcheckStore, Try, anchor, feature

__all__ = ["feature", "reporting"]

Selfchecks = Turn[SelfcheckStore]

TAKEN_OUT = "-"
"""What somebody sees of a question that the course has no more, in place of the fingerprint of its answer."""


@feature.contributes(EXTRAS)
def on_the_card(turn: Selfchecks, cohort: Cohort, week: int) -> Sequence[Extra]:
    content = course_of(cohort.course_text).week(week)
    if content is None or not content.self_check:
        return []
    return [views.extra(cohort.id, content, any(c.answer for c in content.self_check))]


# Trying


@feature.action("try", roles=MEMBERS, lane="form", after_end=True)
def open_form(turn: Selfchecks, press: Press) -> Reply:
    """The week's first question that they have not tried; after the last one, all of them."""
    week = read_number(press.subject)
    checks = _of_week(turn, week or 0)
    if not checks:
        raise _gone()
    if Role.LEARNER not in turn.roles:
        return views.for_the_team(checks)
    if checks[0].week > turn.here.week_on(local_day(turn.now, turn.me.zone)):
        raise Refused(_("This week has not begun. Its card has the question, too."))
    tries = turn.store.of(turn.here.id, turn.me.id)
    check = rules.untried(checks, tries)
    return views.form(turn.here.id, check) if check else views.all_tried(turn.here.id, checks, tries)


@feature.form("try", roles=MEMBERS, replaces=None, after_end=True)
def take_try(turn: Selfchecks, filled: Submission) -> Reply:
    check = _known(turn, filled.subject)
    if Role.LEARNER not in turn.roles:
        raise Refused(reply=views.for_the_team([check]))
    _show(turn, check, turn.store.of(turn.here.id, turn.me.id).get(check.key) or Try(turn.me.id, check.key))
    return None if turn.place is not None and turn.place.direct else views.in_direct_messages()


# Looking


@feature.action("answer", roles=MEMBERS, lane="private", after_end=True)
def show_answer(turn: Selfchecks, press: Press) -> Reply:
    check, own = _tried(turn, press.subject)
    return _show(turn, check, replace(own, seen=rules.seen(check)))


@feature.action("had_it", roles=MEMBERS, lane="private", after_end=True)
def had_it(turn: Selfchecks, press: Press) -> Reply:
    return _say(turn, press.subject, True)


@feature.action("not_yet", roles=MEMBERS, lane="private", after_end=True)
def not_yet(turn: Selfchecks, press: Press) -> Reply:
    return _say(turn, press.subject, False)


def _say(turn: Selfchecks, key: str, had_it: bool) -> Reply:
    check, own = _tried(turn, key)
    if not own.seen:
        raise Refused(_("Look at the answer first."))
    return _show(turn, check, replace(own, had_it=had_it))


def _show(turn: Selfchecks, check: Check, own: Try) -> Reply:
    """Keeps the try and shows it in the direct messages; the reply is for a press on another message."""
    turn.store.keep(turn.here.id, own)
    shown = _card(turn, check, own, turn.store.of(turn.here.id, own.person))
    return None if turn.about == anchor(turn.here.id, check.key, own.person) else shown


def _card(turn: Selfchecks, check: Check, own: Try, tries: Mapping[str, Try]) -> Message:
    following = rules.untried(_of_week(turn, check.week), tries) is not None
    shown = views.card(turn.here.id, check, own, following)
    turn.show_to(own.person, anchor(turn.here.id, check.key, own.person), shown)
    return shown


# Which


def _of_week(turn: Selfchecks, week: int) -> list[Check]:
    return [c for c in rules.checks(course_of(turn.here.course_text)) if c.week == week]


def _known(turn: Selfchecks, key: str) -> Check:
    """Raises NotFound."""
    for check in rules.checks(course_of(turn.here.course_text)):
        if check.key == key:
            return check
    raise _gone()


def _tried(turn: Selfchecks, key: str) -> tuple[Check, Try]:
    """A self-check that the acting learner has tried. Raises Refused."""
    check = _known(turn, key)
    own = turn.store.of(turn.here.id, turn.me.id).get(key)
    if own is None or Role.LEARNER not in turn.roles:
        raise Refused(reply=views.first_try(turn.here.id, check))
    return check, own


def _gone() -> NotFound:
    return NotFound(_("This question is not in the course any more. `/cohort` shows what is."))


# When the course changes


@feature.on(CohortPlanned)
def follow_course(turn: Selfchecks, fact: CohortPlanned) -> None:
    """Shows the present answer to everybody who sees an earlier one, and that a question was taken out of the course
    to everybody who tried it."""
    cohort = turn.here
    checks = {c.key: c for c in rules.checks(course_of(cohort.course_text))}
    for own in turn.store.without(cohort.id, checks):
        if own.seen != TAKEN_OUT:
            turn.show_to(own.person, anchor(cohort.id, own.key, own.person), views.taken_out())
            turn.store.change(cohort.id, own.key, TAKEN_OUT)
    answers = {key: rules.seen(check) for key, check in checks.items()}
    changed = {key for key, before in turn.store.seen(cohort.id) if answers.get(key, before) != before}
    if not changed:
        return
    tries: dict[int, dict[str, Try]] = {p.id: {} for p in turn.people.members(cohort.id, Role.LEARNER)}
    for own in turn.store.among(cohort.id, checks):
        tries.get(own.person, {})[own.key] = own
    for mine in tries.values():
        for own in mine.values():
            if own.key in changed and own.seen not in ("", answers[own.key]):
                _card(turn, checks[own.key], replace(own, seen=answers[own.key]), mine)
    for key in changed:
        turn.store.change(cohort.id, key, answers[key])
