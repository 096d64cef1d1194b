"""The course team writes to one learner, who can reply to the team alone."""

from bot.core.actions import read_number
from bot.core.errors import FormRefused, NotFound
from bot.core.feature import Press, Reply, Submission
from bot.core.people import STAFF, Person, Role
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Card
from bot.features.questions import views
from bot.features.questions.rules import unfit
from bot.features.questions.store import QuestionStore, feature


@feature.action("write", roles=STAFF, lane="form")
def open_writing(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The subject: the learner, and after a '.' what it is about ('your week 2 wrap-up'), if given."""
    learner, about = _meant(turn, press.subject)
    return views.write_form(turn.here.id, learner, about)


@feature.form("write", roles=STAFF, replaces=None)
def take_writing(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    learner, about = _meant(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if wrong := unfit(text, "message"):
        raise FormRefused({"text": wrong}, views.write_form(turn.here.id, learner, about))
    card = views.personal(turn.here.id, turn.me.name, about, text)
    anchor = f"word/{turn.here.id}/{learner.id}/{turn.me.id}/{int(turn.now.timestamp())}"
    # It must also reach people who have fallen silent.
    turn.say(Card(learner.id, turn.here.id, anchor, card, turn.now, turn.now + WEEK, rank="first"))
    turn.log(f"wrote to person {learner.id}")
    return views.written(learner)


def _meant(turn: Turn[QuestionStore], subject: str) -> tuple[Person, str]:
    person, __, about = subject.partition(".")
    number = read_number(person)
    found = next((p for p in turn.people.members(turn.here.id, Role.LEARNER) if p.id == number), None)
    if found is None:
        raise NotFound(_("They are not in this cohort any more."))
    return found, about
