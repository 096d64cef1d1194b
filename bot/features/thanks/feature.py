"""Thanks: said with one gesture, heard in private, so that it costs nobody a message."""

from bot.core.errors import NotFound, Refused
from bot.core.feature import Chosen, Reply
from bot.core.people import MEMBERS, Role
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Line
from bot.features.thanks import reporting, views
from bot.features.thanks.rules import A_WEEK, USEFUL, since
from bot.features.thanks.store import Thanks, ThanksStore, feature

__all__ = ["feature", "reporting"]


@feature.shortcut("thank", label=N_("Thank"), roles=MEMBERS)
def thank(turn: Turn[ThanksStore], chosen: Chosen) -> Reply:
    """Thank whoever wrote a message. They hear it with their next card, and nobody else does."""
    author = turn.people.owner(chosen.author.account) if chosen.author else None
    if author is None:
        raise NotFound(_("There is nobody to thank for this: it was written by no member of the cohort."))
    if author.id == turn.me.id:
        raise Refused(_("This is your own message. Well done, all the same."))
    roles = [m.role for m in turn.people.memberships(author.id) if m.cohort == turn.here.id]
    if not roles:
        raise NotFound(_("{name} is not in this cohort any more.", name=author.name))
    given = turn.store.given(turn.here.id, turn.me.id, since(turn.now))
    if any(t.message == chosen.message for t in given):
        return views.thanked(author.name, A_WEEK - len(given))
    if len(given) >= A_WEEK:
        raise Refused(
            _(
                "You have thanked {a_week} times in seven days, which is as often as it counts. A reply works, too.",
                a_week=A_WEEK,
            )
        )
    turn.store.add(Thanks(turn.here.id, turn.me.id, author.id, chosen.message, turn.now))
    role = Role.LEARNER if Role.LEARNER in roles else roles[0]
    _tell(turn, author.id, role)
    return views.thanked(author.name, A_WEEK - len(given) - 1)


def _tell(turn: Turn[ThanksStore], person: int, role: Role) -> None:
    """One line for everybody who thanked a person lately; it goes with their next message."""
    lately = turn.store.received(turn.here.id, person, since(turn.now))
    names = list(dict.fromkeys(turn.people.person(t.giver).name for t in lately))
    key = f"thanks/{turn.here.id}/{person}"
    turn.say(Line(person, turn.here.id, key, views.line(names, lately[-1].message), turn.now + USEFUL, role))
