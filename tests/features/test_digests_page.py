"""The manager's week on a page, for managers alone."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.core.people import Account
from tests.features.test_digests_week import ESSENTIAL, another, join
from tests.kit import World, new_world
from tests.test_web import ADDRESS, open_browser, sign_in


@pytest.fixture
def served(tmp_path: Path) -> World:
    return new_world(tmp_path, course=ESSENTIAL, address=ADDRESS)


async def test_every_figure_of_every_cohort_is_on_a_page_for_their_manager_alone(served: World) -> None:
    omar = served.chat.person("omar")
    (mia,) = await join(served, served.join_code, "Mia")
    await join(served, another(served, "half", "Half of it"), "Ada")
    await mia.command("submit", "My first page")
    await served.until("2026-01-12T09:30:00Z")
    led = await omar.press(omar.find("Your 2 cohorts"), "All on a page")
    (link,) = re.findall(rf"{ADDRESS}(/in/\w+)", led.text)
    async with open_browser(served) as browser, open_browser(served) as other:
        assert (await other.get("/managers-week")).status_code == 403
        page = await sign_in(served, browser, link)
        assert page.url.path == "/managers-week"
        assert "Half of it: would like a look" in page.text
        assert page.text.count('<img src="data:image/svg+xml;base64,') == 3, "each has one, and all have one together"
        titles = re.findall(r"<h2[^>]*>([^<]*)</h2>", page.text)
        names = [title.partition(":")[0] for title in titles]
        assert (names[0], names[-1]) == ("Your 2 cohorts", "Every figure")
        assert set(names[1:-1]) == {"Half of it", "Demo course"}
        first = page.text.index("<img")
        assert page.text.index("would like a look") < page.text.index("Who was silent") < first, (
            "why and what to do first"
        )
        folded = re.findall(r"<details><summary><h2[^>]*>([^<]*)</h2>", page.text)
        assert folded == ["Demo course: all is well", "Every figure"]


async def test_no_page_asks_the_database_twice_for_the_same_rows(served: World) -> None:
    """Each figure reads the work, the dates and the credits of everybody; with thousands of learners, twice is long."""
    people = await join(served, served.join_code, "Mia", "Ben", "Zoe", "Kai")
    await people[0].command("submit", "My first page")
    await served.until("2026-01-26T09:30:00Z")
    asked: list[str] = []
    manager = served.app.storage.run_now(lambda unit: unit.people.owner(Account("sandbox", "omar")))
    assert manager is not None

    def trace(connection: Any) -> None:
        connection.connection.driver_connection.set_trace_callback(asked.append)

    async with open_browser(served) as browser:
        invited = served.app.storage.run_now(lambda unit: unit.page_sessions.invite(manager.id, "managers-week"))
        await sign_in(served, browser, f"/in/{invited}")
        event.listen(served.app.storage.engine, "begin", trace)
        for page in ("week/1", "milestones/1", "learners/1", "dates/1"):
            asked.clear()
            assert (await browser.get(f"/{page}")).status_code == 200
            large = Counter(q for q in asked if "milestone_windows" in q or "submissions" in q or "memberships" in q)
            assert {q: n for q, n in large.items() if n > 1} == {}, page
