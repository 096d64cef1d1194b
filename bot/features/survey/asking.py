"""Asking: one card for each learner, one form for each element, and answers that nobody finds again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.contributions import DATES
from bot.core.due import Due, Plan
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.facts import CameBack, CameUp, CohortPlanned
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Form
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.survey import rules, views
from bot.features.survey.rules import Element
from bot.features.survey.store import COURSE, Answer, Survey, SurveyStore, card, feature

Surveys = Turn[SurveyStore]

AT_ONCE = 50
"""Learners whose cards are made or taken away in one unit of work. All of a large cohort take seconds, for which no
answer should wait."""


def seen(turn: Surveys, cohort: Cohort) -> list[Element]:
    """The sessions that the learners of a cohort see."""
    return rules.sessions(turn.collect(DATES, cohort, Person(0, "", cohort.zone)))


def elements(turn: Surveys, cohort: Cohort) -> list[Element]:
    return rules.asked_about(course_of(cohort.course_text), seen(turn, cohort), turn.now)


def asked(turn: Surveys, cohort: Cohort, people: Collection[int] | None = None) -> dict[int, datetime]:
    """Who is asked (among `people`), and when they joined first: those who had joined when the survey opened. Whoever
    is erased and joins again is somebody else to all that is stored, and would answer twice."""
    survey = turn.store.survey(cohort.id)
    joined = turn.people.first_joined(cohort.id, people) if survey is not None else {}
    return {person: at for person, at in joined.items() if survey is not None and at < survey.opened_at}


def asked_of(turn: Surveys, cohort: Cohort, person: int) -> list[Element]:
    """What a learner is asked about: what was over before they joined first is none of it."""
    joined = asked(turn, cohort, {person}).get(person)
    if joined is None:
        return []
    return rules.asked_about(course_of(cohort.course_text), rules.since(seen(turn, cohort), joined), turn.now)


def span(turn: Surveys, cohort: Cohort) -> tuple[datetime, datetime]:
    """When the survey opens and closes, by the dates of now."""
    return rules.span(course_of(cohort.course_text), cohort, seen(turn, cohort), turn.uptime)


def open_survey(turn: Surveys, cohort: Cohort) -> None:
    """Opens it, and hands everybody's card to the voice: it rides on their next one."""
    if turn.store.survey(cohort.id) is not None:
        return
    turn.store.keep(Survey(cohort.id, turn.now, smallest=course_of(cohort.course_text).privacy.smallest_group))
    people, _more = some(turn, cohort, "survey.ask")
    turn.say(*_cards(turn, cohort, people))


def some(turn: Surveys, cohort: Cohort, kind: str, begun: str = "") -> tuple[list[int], bool]:
    """The next of those who are asked, in the order of their ids, and whether others follow: these are planned as
    `kind`. `begun`: the occurrence of what was planned so; '' for the first."""
    since, _slash, after = (begun or f"{turn.now.isoformat()}/0").rpartition("/")
    left = sorted(person for person in asked(turn, cohort) if person > int(after))
    if len(left) > AT_ONCE:
        turn.plan(Plan(kind, str(cohort.id), f"{since}/{left[AT_ONCE - 1]}", turn.now, cohort.id))
    return left[:AT_ONCE], len(left) > AT_ONCE


@feature.due("ask", within=timedelta(days=366))
def ask_some(turn: Surveys, batch: Sequence[Due]) -> None:
    for due in batch if is_open(turn, turn.here) else ():
        people, _more = some(turn, turn.here, "survey.ask", due.occurrence)
        turn.say(*_cards(turn, turn.here, people))


@feature.due("show", within=timedelta(days=366), fold=True)
def show_some(turn: Surveys, batch: Sequence[Due]) -> None:
    for due in batch if is_open(turn, turn.here) else ():
        people, _more = some(turn, turn.here, "survey.show", due.occurrence)
        turn.show_again(_cards(turn, turn.here, people))


def is_open(turn: Surveys, cohort: Cohort) -> bool:
    survey = turn.store.survey(cohort.id)
    return survey is not None and survey.closed_at is None


def _cards(turn: Surveys, cohort: Cohort, people: Iterable[int]) -> list[Card]:
    """The cards of those of these people who are asked, as they are now. They ride until the survey closes."""
    course, there = course_of(cohort.course_text), seen(turn, cohort)
    _opens, closes = rules.span(course, cohort, there, turn.uptime)
    found = []
    for person, joined in asked(turn, cohort, {*people}).items():
        mine = rules.asked_about(course, rules.since(there, joined), turn.now)
        answered = turn.store.has_answered(cohort.id, person)
        shown = views.card(cohort.id, mine, answered, rules.said_close(closes, cohort))
        found.append(Card(person, cohort.id, card(cohort.id, person), shown, turn.now, closes))
    return found


def take_away(turn: Surveys, cohort: Cohort, people: Sequence[int]) -> None:
    """Nobody of these is asked any more; receipts stay."""
    course, there = course_of(cohort.course_text), seen(turn, cohort)
    for person, joined in asked(turn, cohort, {*people}).items():
        mine = rules.asked_about(course, rules.since(there, joined), turn.now)
        if rules.left(mine, turn.store.has_answered(cohort.id, person)):
            turn.say(Hush(card(cohort.id, person)))
            if turn.links.shown([card(cohort.id, person)]):
                turn.withdraw(card(cohort.id, person))


@feature.on(CameBack)
def ask_who_is_back(turn: Surveys, fact: CameBack) -> None:
    """Somebody who was away or silent got no card."""
    cohort = turn.people.cohort(fact.cohort)
    if cohort is None or not is_open(turn, cohort):
        return
    left = rules.left(asked_of(turn, cohort, fact.person), turn.store.has_answered(cohort.id, fact.person))
    if left and not turn.links.shown([card(cohort.id, fact.person)]):
        turn.say(*_cards(turn, cohort, [fact.person]))


@feature.on(CohortPlanned)
def hold_promise(turn: Surveys, fact: CohortPlanned) -> None:
    """A larger smallest group in the file holds at once, and from then on; a lower one changes nothing."""
    cohort, survey = turn.people.cohort(fact.cohort), turn.store.lock(fact.cohort)
    if cohort is not None and survey is not None and smallest(cohort, survey) > survey.smallest:
        turn.store.keep(replace(survey, smallest=smallest(cohort, survey)))


def follow_dates(turn: Surveys, fact: CameUp | CohortPlanned) -> None:
    """Cards say until when the survey is open now."""
    cohort = turn.people.cohort(fact.cohort)
    if cohort is not None and cohort.ended_at is None and is_open(turn, cohort):
        people, _more = some(turn, cohort, "survey.show")
        turn.show_again(_cards(turn, cohort, people))


feature.on(CohortPlanned)(follow_dates)
feature.on(CameUp)(follow_dates)


def smallest(cohort: Cohort, survey: Survey | None) -> int:
    """The smallest group of which something is shown."""
    present = course_of(cohort.course_text).privacy.smallest_group
    return max(present, survey.smallest) if survey else present


@feature.action("card", roles=MEMBERS, lane="private")
def show_card(turn: Surveys, press: Press) -> Reply:
    _running(turn)
    (mine,) = _cards(turn, turn.here, [turn.me.id])
    return mine.message


@feature.action("answer", roles=MEMBERS, lane="form")
def open_form(turn: Surveys, press: Press) -> Reply:
    return _form(turn, _asked(turn, press.subject))


@feature.form("answer", roles=MEMBERS, replaces=None, kept=False)
def take_answer(turn: Surveys, filled: Submission) -> Reply:
    """Nothing that is typed goes anywhere but into the answer."""
    cohort, me = turn.here.id, turn.me.id
    turn.store.lock(cohort)
    one = _asked(turn, filled.subject)
    form = _form(turn, one)
    if problems := form.problems(filled.values):
        raise FormRefused(problems, form)
    said = {field.name: trim(filled.values.get(field.name, "")) for field in form.fields}
    if one.name != COURSE and not said["worth"] and rules.owes_worth(said["came"]):
        raise FormRefused({"worth": views.worth_is_missing()}, form)
    answer = Answer(one.name, **said)
    turn.store.answer(cohort, me, answer)
    mine = asked_of(turn, turn.here, me)
    left = rules.left(mine, turn.store.has_answered(cohort, me))
    if left or turn.links.shown([card(cohort, me)]):
        turn.show_again(_cards(turn, turn.here, [me]))
    else:
        turn.say(Hush(card(cohort, me)))
    return views.thanks(cohort, one, mine, left)


def _form(turn: Surveys, one: Element) -> Form:
    return views.form(turn.here.id, one, smallest(turn.here, turn.store.survey(turn.here.id)))


def _asked(turn: Surveys, mark: str) -> Element:
    """What the acting learner can still answer about. Raises Refused."""
    _running(turn)
    one = next((e for e in asked_of(turn, turn.here, turn.me.id) if e.mark == mark), None)
    if one is None:
        raise NotFound
    if one.is_in(turn.store.has_answered(turn.here.id, turn.me.id)):
        raise Refused(views.has_answered(one))
    return one


def _running(turn: Surveys) -> None:
    if Role.LEARNER not in turn.roles:
        raise Refused(_("The survey is for learners. What it says comes to your desk once it has closed."))
    survey = turn.store.survey(turn.here.id)
    if survey is None:
        raise Refused(_("The survey has not opened yet. It comes with a card near the end of the course."))
    if survey.closed_at is not None:
        raise Refused(_("The survey has closed. Thank you all the same: tell your instructors what you think."))
    if turn.me.id not in asked(turn, turn.here, {turn.me.id}):
        raise Refused(_("The survey asks those who joined before it opened. Tell your instructors what you think."))
