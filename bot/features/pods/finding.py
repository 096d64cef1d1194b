"""What is stored and what the course says about pods, together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Pods
from bot.features.pods import rules
from bot.features.pods.store import Introduction, Member, Pod, PodStore

Turns = Turn[PodStore]


@dataclass
class CohortPods:
    """The pods of a cohort as they are now. Each part is read once."""

    turn: Turns
    cohort: Cohort
    asked: Pods | None = field(init=False)

    def __post_init__(self) -> None:
        self.asked = course_of(self.cohort.course_text).pods

    @cached_property
    def pods(self) -> list[Pod]:
        """Those that are not over, also while their channel is archived."""
        return [pod for pod in self.turn.store.pods(self.cohort.id) if not pod.over]

    @cached_property
    def members(self) -> dict[int, Member]:
        return dict(self.turn.store.members(self.cohort.id))

    @cached_property
    def learners(self) -> Sequence[Person]:
        return self.turn.people.members(self.cohort.id, Role.LEARNER)

    @cached_property
    def written(self) -> dict[int, Introduction]:
        """Every introduction, including those that were written for an earlier pod."""
        return dict(self.turn.store.introductions(self.cohort.id))

    @cached_property
    def introductions(self) -> dict[int, Introduction]:
        """Those that were written for the pod in which their author is now."""
        return rules.for_their_pod(self.written, self.members)

    @property
    def formed_at(self) -> datetime | None:
        """When pods are formed; None if the course has none."""
        return self.asked.formed_at(self.cohort.timetable, self.cohort.zone) if self.asked else None

    def people(self, pod: Pod) -> list[Person]:
        """See `rules.within`."""
        return rules.within(pod, self.members, self.learners)

    def others(self, pod: Pod, person: int) -> list[Person]:
        return [p for p in self.people(pod) if p.id != person]

    def of(self, person: int) -> Pod | None:
        """The pod that somebody is in."""
        member = self.members.get(person)
        return next((pod for pod in self.pods if member is not None and pod.id == member.pod), None)

    def wants(self, person: int) -> bool:
        """Whether they want to be in a pod. Who has said nothing does in a course that puts everybody in one."""
        member = self.members.get(person)
        return member.wants if member is not None else self.asked is not None and self.asked.join == "all"

    def keep(self, member: Member) -> None:
        """Stores it, and knows it from now on."""
        self.turn.store.keep(self.cohort.id, member)
        self.members[member.person] = member
