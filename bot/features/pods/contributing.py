"""What pods contribute: to the welcome card, the week card and one's own page, and who is in one, for others."""

from collections import defaultdict
from collections.abc import Sequence

from bot.core.contributions import AGENDA, EXTRAS, ON_WELCOME, OWN_EXTRAS, PODS, Extra, Podmates, Upcoming
from bot.core.people import Cohort, Person, Role
from bot.features.pods import views
from bot.features.pods.finding import CohortPods, Turns
from bot.features.pods.store import feature

OFFERED_FOR = 1
"""How many weeks after pods were formed the week card still offers one. One's own page always does."""


@feature.contributes(PODS)
def pods(turn: Turns, cohort: Cohort) -> list[Podmates]:
    here, inside = CohortPods(turn, cohort), defaultdict[int | None, set[int]](set)
    if here.pods:
        for person in here.learners:
            if (member := here.members.get(person.id)) is not None:
                inside[member.pod].add(person.id)
    return [Podmates(pod.key, frozenset(inside[pod.id]), pod.place) for pod in here.pods]


@feature.contributes(ON_WELCOME)
def on_the_welcome_card(turn: Turns, cohort: Cohort, person: Person, role: Role) -> list[Extra]:
    here = CohortPods(turn, cohort)
    if here.asked is None or here.formed_at is None or role is not Role.LEARNER or cohort.ended_at is not None:
        return []
    if here.of(person.id) is not None or person.id in here.members:
        return []
    if here.asked.join == "ask":
        return [views.extra(views.offer(), views.join_button(cohort.id))]
    return [views.extra(views.for_all(max(here.formed_at, turn.now)), views.drop_button(cohort.id))]


@feature.contributes(EXTRAS)
def on_the_card(turn: Turns, cohort: Cohort, week: int) -> list[Extra]:
    """As a learner has it who has said nothing yet."""
    here = CohortPods(turn, cohort)
    if here.asked is None and not here.pods:
        return []
    return [views.extra(views.offer(), views.join_button(cohort.id))]


@feature.contributes(OWN_EXTRAS)
def on_own_cards(turn: Turns, cohort: Cohort, week: int, people: Sequence[Person]) -> list[tuple[int, Extra]]:
    here = CohortPods(turn, cohort)
    if here.asked is None and not here.pods:
        return []
    return [(person.id, _own(here, cohort, week, person)) for person in people]


def _own(here: CohortPods, cohort: Cohort, week: int, person: Person) -> Extra:
    if (pod := here.of(person.id)) is not None:
        said = person.id in here.introductions
        button = views.show_button(cohort.id) if said else views.introduce_button(cohort.id)
        return views.extra(views.your_pod(here.others(pod, person.id), pod.place), button)
    if here.asked is None or here.formed_at is None:
        return views.extra((), None)
    if here.wants(person.id):
        if here.asked.join == "all" and here.turn.now < here.formed_at:
            return views.extra(views.for_all(here.formed_at), views.drop_button(cohort.id))
        return views.extra(views.on_the_list(here.formed_at, here.turn.now), views.drop_button(cohort.id))
    if person.id in here.members or week > here.asked.week + OFFERED_FOR:
        return views.extra((), None)
    return views.extra(views.offer(), views.join_button(cohort.id))


@feature.contributes(AGENDA)
def on_my_page(turn: Turns, person: Person, cohort: Cohort) -> list[Upcoming]:
    """After all that waits, so that it is always on the page."""
    here = CohortPods(turn, cohort)
    if Role.LEARNER not in turn.roles or (here.asked is None and not here.pods):
        return []
    if (pod := here.of(person.id)) is not None:
        return [
            Upcoming(
                views.your_pod(here.others(pod, person.id), pod.place), None, views.show_button(cohort.id), last=True
            )
        ]
    if here.asked is None or here.formed_at is None:
        return []
    if here.wants(person.id):
        return [Upcoming(views.on_the_list(here.formed_at, turn.now), None, views.drop_button(cohort.id), last=True)]
    return [Upcoming(views.offer(), None, views.join_button(cohort.id), last=True)]
