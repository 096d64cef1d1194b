"""Asking: one card for each learner, one form for each element, and answers that nobody finds again."""

from bot.core.contributions import DATES
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Press, Reply, Submission
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.survey import rules, views
from bot.features.survey.rules import Element
from bot.features.survey.store import Answer, Survey, SurveyStore, card, feature

Surveys = Turn[SurveyStore]


def seen(turn: Surveys, cohort: Cohort) -> list[Element]:
    """The sessions that the learners of a cohort see."""
    return rules.sessions(turn.collect(DATES, cohort, Person(0, "", cohort.zone)))


def elements(turn: Surveys, cohort: Cohort) -> list[Element]:
    return rules.asked_about(course_of(cohort.course_text), seen(turn, cohort), turn.now)


def open_survey(turn: Surveys, cohort: Cohort) -> None:
    """Opens it, and hands everybody's card to the voice: it rides on their next one."""
    if turn.store.survey(cohort.id) is not None:
        return
    turn.store.keep(Survey(cohort.id, turn.now))
    _opens, closes = rules.span(course_of(cohort.course_text), cohort, seen(turn, cohort))
    asked = elements(turn, cohort)
    for person in turn.people.members(cohort.id, Role.LEARNER):
        shown = views.card(cohort.id, asked, ())
        turn.say(Card(person.id, cohort.id, card(cohort.id, person.id), shown, turn.now, closes))


@feature.action("card", roles=MEMBERS, lane="private")
def show_card(turn: Surveys, press: Press) -> Reply:
    _running(turn)
    return views.card(turn.here.id, elements(turn, turn.here), turn.store.has_answered(turn.here.id, turn.me.id))


@feature.action("answer", roles=MEMBERS, lane="form")
def open_form(turn: Surveys, press: Press) -> Reply:
    return views.form(turn.here.id, _asked(turn, press.subject), _smallest(turn))


@feature.form("answer", roles=MEMBERS, replaces=None, kept=False)
def take_answer(turn: Surveys, filled: Submission) -> Reply:
    """Nothing that is typed goes anywhere but into the answer."""
    cohort, me = turn.here.id, turn.me.id
    turn.store.lock(cohort)
    one = _asked(turn, filled.subject)
    form = views.form(cohort, one, _smallest(turn))
    if problems := form.problems(filled.values):
        raise FormRefused(problems, form)
    said = {field.name: trim(filled.values.get(field.name, "")) for field in form.fields}
    answer = Answer(one.name, said.get("came", ""), said.get("why", ""), said["worth"], said["words"])
    turn.store.answer(cohort, me, answer)
    asked, answered = elements(turn, turn.here), turn.store.has_answered(cohort, me)
    shown, anchor = views.card(cohort, asked, answered), card(cohort, me)
    left = [other for other in asked if other.name not in answered]
    if left or turn.links.shown([anchor]):
        _opens, closes = rules.span(course_of(turn.here.course_text), turn.here, seen(turn, turn.here))
        turn.show_again([Card(me, cohort, anchor, shown, turn.now, closes)])
    else:
        turn.say(Hush(anchor))
    return views.thanks(cohort, one, left)


def _asked(turn: Surveys, mark: str) -> Element:
    """What the acting learner can still answer about. Raises Refused."""
    _running(turn)
    one = next((e for e in elements(turn, turn.here) if e.mark == mark), None)
    if one is None:
        raise NotFound
    if one.name in turn.store.has_answered(turn.here.id, turn.me.id):
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


def _smallest(turn: Surveys) -> int:
    return course_of(turn.here.course_text).privacy.smallest_group
