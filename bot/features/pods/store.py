"""What pods keep: the pods, who wants to be in one, and how people introduce themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.people import Place
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod. `number` names it within its cohort. `channel` is the id of its private channel in `workspace`, '' while
    there is none; `opened` counts the channels that it has had. `why`: what keeps us from writing there. `closed_at`:
    since when nobody is in it, or its channel is archived; `over`: nobody is in it any more."""

    id: int
    cohort: int
    number: int
    workspace: str
    formed_at: datetime
    channel: str = ""
    opened: int = 1
    why: str = ""
    closed_at: datetime | None = None
    over: bool = False

    @property
    def place(self) -> Place | None:
        """Its channel, if we can write there."""
        return Place(self.workspace, self.channel) if self.channel and self.closed_at is None else None

    @property
    def anchor(self) -> str:
        """The anchor of the post with its people."""
        return f"pod/{self.cohort}/{self.id}/{self.opened}"

    @property
    def key(self) -> str:
        """Names it for other features."""
        return f"pod/{self.id}"

    @property
    def desk_name(self) -> str:
        """The name of what it adds to the desk while its channel is missing."""
        return f"pods/{self.id}"

    @property
    def quiet_name(self) -> str:
        """The name of what it adds to the desk while nothing happens in it."""
        return f"pods/quiet/{self.id}"


@dataclass(frozen=True, slots=True)
class Member:
    """A learner who was asked about pods: whether they want one since `asked_at`, and the one in which they are since
    `since`."""

    person: int
    wants: bool
    asked_at: datetime
    pod: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Introduction:
    """How somebody introduced themselves: their answers, by question."""

    person: int
    answers: Mapping[str, str]
    changed_at: datetime


class PodStore(Protocol):
    def pods(self, cohort: int) -> Sequence[Pod]:
        """Every pod that the cohort ever had, by `id`."""
        ...

    def pod(self, pod: int) -> Pod | None:
        """By its `id`, in any cohort."""
        ...

    def add(self, cohort: int, number: int, workspace: str) -> Pod:
        """Stores a pod that is formed now, without a channel; its `id` is made here."""
        ...

    def change(self, pod: Pod) -> None: ...

    def members(self, cohort: int) -> Mapping[int, Member]:
        """By person; also those who have left the cohort since."""
        ...

    def keep(self, cohort: int, member: Member) -> None:
        """Stores a member, or replaces what is stored about them."""
        ...

    def together(self, cohorts: Collection[int]) -> Sequence[frozenset[int]]:
        """Who was in a pod together in these cohorts, pod by pod."""
        ...

    def introductions(self, cohort: int) -> Mapping[int, Introduction]:
        """By person; also those that were written for an earlier pod."""
        ...

    def introduce(self, cohort: int, person: int, answers: Mapping[str, str]) -> None:
        """Stores an introduction of now, in place of an earlier one. `answers`: by question."""
        ...

    def forget(self, person: int) -> None:
        """Deletes what somebody wrote, and takes them out of every pod."""
        ...


feature: Feature[PodStore] = Feature("pods")
feature.keeps(
    KeptTable("pods", "A pod of a cohort, and its channel"),
    KeptTable("pod_members", "Whether you want to be in a pod, and in which one you are", of="person"),
    KeptTable("pod_introductions", "How you introduced yourself to your pod", of="person", documents=("answers",)),
    purpose=N_("So that your pod works together"),
)
