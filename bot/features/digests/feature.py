"""Digests: the instructor's desk, and the manager's one message a week.

They collect what features contribute, and know no other feature.
"""

from bot.core.facts import Missed
from bot.core.people import Role
from bot.core.time import say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Line
from bot.features.digests import desk, week
from bot.features.digests.store import DigestStore, feature

__all__ = ["desk", "feature", "week"]


@feature.on(Missed)
def own_up(turn: Turn[DigestStore], fact: Missed) -> None:
    """Reports what was skipped after downtime to the people who can do something about it."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        when = say(fact.at, person.zone)
        text = (_("I was away, and left out what was planned for {when}: it was too late to be of use.", when=when),)
        key = f"missed/{fact.cohort}/{fact.kind}/{fact.at.isoformat()}"
        turn.say(Line(person.id, fact.cohort, key, text, turn.now + WEEK, Role.INSTRUCTOR))
