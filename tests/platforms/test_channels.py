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


async def test_a_channel_that_is_there_is_given_to_more_people(stage: Stage) -> None:
    """As a group gets a new member."""
    workspace, (mia, ben) = stage.place("general").workspace, (stage.account("mia"), stage.account("ben"))
    pod = await stage.adapter.create(workspace, "pod-2", "Your group", True, [mia])
    assert stage.inside(pod) == {"mia"}
    for _ in range(2):
        assert await stage.adapter.create(workspace, "pod-2", "Your group", True, [mia, ben]) == pod
        assert stage.inside(pod) == {"mia", "ben"}


async def test_a_channel_that_everybody_sees_is_not_taken_for_a_private_one(stage: Stage) -> None:
    workspace = stage.place("general").workspace
    await stage.adapter.create(workspace, "pod-3", "For all", False, [])
    with pytest.raises(TargetGone):
        await stage.adapter.create(workspace, "pod-3", "Your group", True, [stage.account("mia")])


async def test_a_private_channel_with_others_in_it_is_not_taken(stage: Stage) -> None:
    workspace, (mia, ben) = stage.place("general").workspace, (stage.account("mia"), stage.account("ben"))
    theirs = await stage.adapter.create(workspace, "pod-4", "Somebody else's", True, [ben])
    with pytest.raises(TargetGone, match="#pod-4"):
        await stage.adapter.create(workspace, "pod-4", "Your group", True, [mia])
    assert stage.inside(theirs) == {"ben"}, "and nobody is let in"
    assert await stage.adapter.create(workspace, "pod-4", "Your group", True, [mia], place=theirs) == theirs
    assert stage.inside(theirs) == {"mia", "ben"}, "what is known to be ours takes more people"
