"""People's names."""

import pytest

from bot.core.people import Person


@pytest.mark.parametrize("name", ["Ingrid", "Mia A", "Anne-Marie", "李", "ingrid kvist", "Éva"])
def test_a_name_is_greeted(name: str) -> None:
    assert Person(1, name, "UTC").greeted == name


def test_a_handle_that_can_be_a_name_is_greeted_as_one() -> None:
    assert Person(1, "ingrid", "UTC").greeted == "Ingrid"


@pytest.mark.parametrize("name", ["ingrid.k", "U024BE7LH", "Ingrid_84", "112233445566778899"])
def test_a_handle_is_no_name(name: str) -> None:
    assert Person(1, name, "UTC").greeted == ""
