"""The course team writes to one learner, or one of its own, who can reply to them privately.

A word is kept as the first reply of a note. The learner's reply is the text of that note, which is on the desk until
somebody has read it. An instructor's desk tells them of it; whoever has no desk hears of it as awaited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.actions import read_number
from bot.core.contributions import LETTER, WRITTEN
from bot.core.errors import FormRefused, NotFound
from bot.core.facts import LearnerWritten
from bot.core.feature import Press, Reply, Submission
from bot.core.message import message, paragraph
from bot.core.people import MEMBERS, STAFF, Cohort, Person, Role
from bot.core.time import next_time
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim
from bot.core.voice import Awaited, Card
from bot.course.loader import course_of
from bot.features.questions import views
from bot.features.questions.answering import answered_once
from bot.features.questions.asking import mine
from bot.features.questions.marking import USEFUL, asked_back_key, change, word_key, word_of
from bot.features.questions.rules import unfit
from bot.features.questions.store import Question, QuestionStore, Response, feature

KEPT_FOR = 8 * WEEK
"""How long a word waits for somebody who is away."""


@feature.action("write", roles=STAFF, lane="form")
def open_writing(turn: Turn[QuestionStore], press: Press) -> Reply:
    """The subject: a learner or an instructor, and after a '.' what it is about ('your week 2 wrap-up'), if given."""
    learner, about = _meant(turn, press.subject)
    return views.write_form(turn.here.id, learner, about)


@feature.form("write", roles=STAFF, replaces=None)
def take_writing(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    learner, about = _meant(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if wrong := unfit(text, "message"):
        raise FormRefused({"text": wrong}, views.write_form(turn.here.id, learner, about))
    note = _note(turn, learner, text)
    said, below = views.personal(note, turn.me.name, about, text)
    turn.say(Awaited(learner.id, turn.here.id, word_key(note), said, turn.now + KEPT_FOR, below, personal=True))
    turn.log(f"wrote to person {learner.id}")
    turn.happened(LearnerWritten(turn.here.id, learner.id, turn.me.id, filled.subject))
    hour = course_of(turn.here.course_text).messages.hour(learner.hour)
    return views.written(learner, next_time(turn.now, hour, learner.zone))


def _note(turn: Turn[QuestionStore], learner: Person, text: str) -> Question:
    """Keeps words of the acting person to a learner; the note is what the learner replies to."""
    empty = Question(0, turn.here.id, learner.id, "", "note", "dropped", False, False, None, asked_at=turn.now)
    note = turn.store.add(replace(empty, taken_by=turn.me.id))
    turn.store.respond(Response(0, note.id, turn.me.id, False, text, turn.now, None))
    return note


@feature.contributes(LETTER)
def send_letter(turn: Turn[QuestionStore], cohort: Cohort, quiet: Mapping[int, datetime], text: str) -> Sequence[int]:
    """Nobody waits for a letter, so it counts against the learner's week."""
    learners = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in quiet]
    reached = [p for p in learners if not any(_reached(r, quiet[p.id]) for r in turn.store.letters(p.id))]
    for learner in reached:
        note = _note(turn, learner, text)
        said, below = views.personal(note, turn.me.name, "", text)
        hour = course_of(cohort.course_text).messages.hour(learner.hour)
        at = next_time(turn.now, hour, learner.zone)
        letter = message(paragraph(*said), *below)
        turn.say(Card(learner.id, cohort.id, word_key(note), letter, at, at + WEEK, rank="first"))
        turn.happened(LearnerWritten(cohort.id, learner.id, turn.me.id, str(learner.id)))
    return [p.id for p in reached]


@feature.contributes(WRITTEN)
def written(
    turn: Turn[QuestionStore], cohort: Cohort, since: Mapping[int, datetime]
) -> Sequence[tuple[int, int, datetime]]:
    last = {p: [r for r in turn.store.letters(p) if _reached(r, at)][-1:] for p, at in since.items()}
    return [(p, word.author, word.at) for p, words in last.items() for word in words if word.author is not None]


def _reached(word: Response, since: datetime) -> bool:
    return not word.own and word.at >= since


def _meant(turn: Turn[QuestionStore], subject: str) -> tuple[Person, str]:
    person, __, about = subject.partition(".")
    number = read_number(person)
    may_be = [p for role in (Role.LEARNER, Role.INSTRUCTOR) for p in turn.people.members(turn.here.id, role)]
    found = next((p for p in may_be if p.id == number), None)
    if found is None:
        raise NotFound(_("They are not in this cohort any more."))
    return found, about


# The learner's reply


@feature.action("write_back", roles=MEMBERS, lane="form", after_end=True)
def open_write_back(turn: Turn[QuestionStore], press: Press) -> Reply:
    note, word, writer = _word(turn, press.subject)
    if note.text:
        raise answered_once()
    return views.write_back_form(note, word, writer)


@feature.form("write_back", roles=MEMBERS, replaces=None, after_end=True)
def take_write_back(turn: Turn[QuestionStore], filled: Submission) -> Reply:
    note, word, writer = _word(turn, filled.subject)
    text = trim(filled.values.get("text", ""))
    if wrong := unfit(text, "reply"):
        raise FormRefused({"text": wrong}, views.write_back_form(note, word, writer))
    if note.text and note.text != text:
        raise answered_once()
    if not note.text:
        note = change(turn, replace(note, text=text, asked_at=turn.now), "open")
        if turn.here.ended_at or not turn.teaches(writer.id, note.cohort):
            said, below = views.wrote_back(note, turn.me.name, word)
            turn.say(Awaited(writer.id, note.cohort, asked_back_key(note), said, turn.now + USEFUL, below))
    turn.show_to(note.asker, word_key(note), views.written_back(note, writer, word))
    return None


def _word(turn: Turn[QuestionStore], subject: str) -> tuple[Question, Response, Person]:
    """The learner's own note, the word that it answers, and who wrote that."""
    note = mine(turn, subject)
    word = word_of(turn, note)
    if word is None or word.author is None:
        raise NotFound(_("This message was taken back."))
    return note, word, turn.people.person(word.author)
