"""Feedback on work: one queue for the course team, feedback in the learner's bundle, and one reply.

Other features contribute the work (`WORK`). What waits follows from it, from the feedback and from what was seen.
"""

from bot.core.facts import DeskChanged, Left, PersonErased, WordsWithdrawn, WorkHandedIn
from bot.core.voice import Hush
from bot.features.feedback import giving, looking, receiving, reporting
from bot.features.feedback.finding import Feedbacks
from bot.features.feedback.store import feature

__all__ = ["feature", "giving", "looking", "receiving", "reporting"]


@feature.on(WorkHandedIn)
def follow_work(turn: Feedbacks, fact: WorkHandedIn) -> None:
    """New and changed work waits."""
    turn.happened(DeskChanged(fact.cohort, fact.work, again=True))


@feature.on(Left)
def forget_drafts(turn: Feedbacks, fact: Left) -> None:
    turn.forget(*turn.store.forget(fact.cohort, fact.person))


@feature.on(PersonErased)
def erase(turn: Feedbacks, fact: PersonErased) -> None:
    """Deletes what was said about their work, and their replies, before desks are shown without these; in all cohorts,
    because they may have left one."""
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        turn.forget(*turn.store.forget(cohort.id, fact.person))
        for given in turn.store.of(cohort.id, {fact.person}):
            turn.forget(*(text for text in (given.text, given.link, given.reply) if text))
            turn.say(Hush(given.anchor))
            turn.store.remove(given.id)
            turn.happened(WordsWithdrawn(cohort.id))
