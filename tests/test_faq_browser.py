"""The FAQ's site in a real browser, read from a folder: what its search finds, says and hides."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.app.faq_files import write_all
from bot.features.faq import site
from tests.features.test_faq_publish import book, item
from tests.test_sandbox_browser import BROWSER, Browser, Tab

pytestmark = pytest.mark.skipif(BROWSER is None, reason="No chromium or chrome is installed to look with.")

ENTRIES = (
    item(1, "How many pages may the final report have?", "Ten, without the appendix."),
    item(2, "Docker exits with code 137, what now?", "Give it more memory. <b>Really</b>.", was=(9,)),
    item(3, "Can I reuse last year's data?", "Yes, if the report says so."),
    item(5, "How long may the abstract be?", "One page."),
    item(4, "Où est le café?", "Next to the reading room."),
)
SHOWN = "[...document.querySelectorAll('article')].filter((a) => !a.hidden).map((a) => a.id).join(' ')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    write_all(made, site.files(book(*ENTRIES)))
    return made


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    one = Browser(tmp_path_factory.mktemp("browser"))
    yield one
    one.end()


def opened(browser: Browser, folder: Path, more: str = "") -> Tab:
    tab = browser.open(f"file://{folder}/index.html{more}")
    tab.until("document.readyState === 'complete' && document.getElementById('find')?.hidden === false")
    return tab


def typed(tab: Tab, text: str) -> str:
    """What is shown after somebody has typed this."""
    tab.run(f"field.value = {text!r}; field.dispatchEvent(new Event('input'))")
    shown: str = tab.run(SHOWN)
    return shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "faq-1 faq-2 faq-3 faq-5 faq-4"),
        ("docker", "faq-2"),
        ("dock", "faq-2"),
        ("report", "faq-1 faq-3"),
        ("reports", "faq-1 faq-3"),
        ("may I reuse the data of last year", "faq-3"),
        ("cafe", "faq-4"),
        ("faq 3", "faq-3"),
        ("faq-2", "faq-2"),
        ("memory docker", "faq-2"),
        ("kubernetes", ""),
        ("length", "faq-5"),
        ("length of the abstract", "faq-5"),
        ("number of pages", "faq-1"),
        ("(*", ""),
    ],
)
def test_search_finds_words_in_any_spelling(browser: Browser, folder: Path, text: str, shown: str) -> None:
    assert typed(opened(browser, folder), text) == shown


def test_what_was_found_is_said_and_kept_in_the_address(browser: Browser, folder: Path) -> None:
    tab = opened(browser, folder)
    typed(tab, "report")
    tab.until("found.textContent === '2 of 5 answers'")
    assert tab.run("location.search") == "?q=report"
    assert tab.run("CSS.highlights.get('found').size") == 2
    typed(tab, "<img src=x onerror=alert(1)>")
    tab.until("found.textContent.startsWith('Nothing fits “<img')")
    assert tab.run("document.images.length") == 0
    tab.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert tab.run(SHOWN) == "faq-1 faq-2 faq-3 faq-5 faq-4"
    again = opened(browser, folder, f"?q={quote('docker 137')}")
    assert again.run(SHOWN) == "faq-2"


def test_a_link_shows_what_the_search_hides(browser: Browser, folder: Path) -> None:
    tab = opened(browser, folder, "?q=docker")
    tab.run("location.hash = '#faq-3'")
    tab.until(f"{SHOWN} === 'faq-1 faq-2 faq-3 faq-5 faq-4'")
    assert tab.run("document.querySelector(':target').id") == "faq-3"
    merged = opened(browser, folder, "#faq-9")
    assert merged.run("document.querySelector(':target').closest('article').id") == "faq-2"


def test_nothing_hangs_over_on_a_phone(browser: Browser, folder: Path) -> None:
    tab = opened(browser, folder)
    browser.ask(
        "Emulation.setDeviceMetricsOverride", tab.session, width=390, height=844, deviceScaleFactor=1, mobile=True
    )
    assert tab.run("document.documentElement.scrollWidth") == 390
    small = (
        "[...document.querySelectorAll('input, summary')].filter((e) => e.getBoundingClientRect().height < 40).length"
    )
    assert tab.run(small) == 0
