"""Channels of a small group, on every platform: made, left by somebody, archived."""

import pytest

from bot.core.errors import Blocked, TargetGone
from bot.core.message import message, paragraph
from bot.core.people import Place
from bot.core.ports import Delivery
from tests.platforms.people import Stage
from tests.platforms.test_contract import post


def hello(key: str, place: Place) -> Delivery:
    return Delivery(key, "pod/1", message(paragraph("Hello")), place=place)


async def test_a_group_loses_a_member_and_its_channel_is_archived(stage: Stage) -> None:
    people = [stage.account("mia"), stage.account("ben")]
    pod = await stage.adapter.create(stage.place("general").workspace, "pod-1", "Your group", True, people)
    assert stage.inside(pod) == {"mia", "ben"}
    await post(stage, hello("k1", pod))
    for _ in range(2):
        await stage.adapter.remove_member(pod, stage.account("mia"))
        assert stage.inside(pod) == {"ben"}
    for _ in range(2):
        await stage.adapter.archive(pod)
    assert stage.inside(pod) == {"ben"}
    with pytest.raises((Blocked, TargetGone)):
        await post(stage, hello("k2", pod))
