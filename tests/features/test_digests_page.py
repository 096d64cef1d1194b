"""The manager's week on a page, for managers alone."""

import re
from pathlib import Path

import pytest

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
        assert {title.partition(":")[0] for title in titles} == {"Half of it", "Demo course"}
