"""Pods: who is in one, and what they said of themselves."""

import json
from collections.abc import Collection, Mapping, Sequence

from sqlmodel import col, select

from bot.features.pods.store import Introduction, Member, Pod
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.pods import PodIntroductionRow, PodMemberRow, PodRow

_POD = Mapper(Pod, PodRow)
_PODS = _POD.query(*given(PodRow.cohort), order_by=(col(PodRow.id),))
_MEMBER = Mapper(Member, PodMemberRow)
_MEMBERS = _MEMBER.query(*given(PodMemberRow.cohort), order_by=(col(PodMemberRow.person),))
_INTRODUCTION = Mapper(Introduction, PodIntroductionRow, answers=lambda row: json.loads(row.answers))
_INTRODUCTIONS = _INTRODUCTION.query(*given(PodIntroductionRow.cohort), order_by=(col(PodIntroductionRow.person),))


class SqlPods(Store):
    """The `PodStore` of bot/features/pods, over tables."""

    def pods(self, cohort: int) -> Sequence[Pod]:
        return _PODS.all(self._session, cohort=cohort)

    def pod(self, pod: int) -> Pod | None:
        return self._get(_POD, pod)

    def add(self, cohort: int, number: int, workspace: str) -> Pod:
        made = Pod(0, cohort, number, workspace, self._now)
        return _POD.read(self._add(PodRow(**_POD.columns(made))))

    def change(self, pod: Pod) -> None:
        self._change(PodRow, pod.id, **_POD.columns(pod))

    def members(self, cohort: int) -> Mapping[int, Member]:
        return {member.person: member for member in _MEMBERS.all(self._session, cohort=cohort)}

    def keep(self, cohort: int, member: Member) -> None:
        self._put(PodMemberRow(cohort=cohort, **_MEMBER.columns(member)))

    def together(self, cohorts: Collection[int]) -> Sequence[frozenset[int]]:
        query = select(PodMemberRow.pod, PodMemberRow.person).where(
            col(PodMemberRow.cohort).in_(cohorts), col(PodMemberRow.pod).is_not(None)
        )
        groups: dict[int, set[int]] = {}
        for pod, person in self._session.exec(query):
            if pod is not None:
                groups.setdefault(pod, set()).add(person)
        return [frozenset(group) for group in groups.values()]

    def introductions(self, cohort: int) -> Mapping[int, Introduction]:
        return {said.person: said for said in _INTRODUCTIONS.all(self._session, cohort=cohort)}

    def introduce(self, cohort: int, person: int, answers: Mapping[str, str]) -> None:
        said = json.dumps(dict(answers), ensure_ascii=False)
        self._put(PodIntroductionRow(cohort=cohort, person=person, answers=said, changed_at=self._now))

    def forget(self, person: int) -> None:
        self._update(PodMemberRow, PodMemberRow.person == person, pod=None, since=None)
        self._delete(PodIntroductionRow, PodIntroductionRow.person == person)
