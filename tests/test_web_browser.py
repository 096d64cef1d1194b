"""The pages in a real browser, from the link in the chat to the press on the page, with and without JavaScript."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from bot.app.cohorts import CohortPlan, create_cohort
from bot.app.compose import open_storage
from bot.app.features import make_registry
from bot.core.pages import Page
from bot.core.people import Account, Role
from bot.core.time import SystemClock, parse_instant, write_instant
from bot.features.completion.store import Certificate
from bot.runtime.ports import Unit
from tests.kit import COURSE
from tests.test_run import PROGRAM, Running, running
from tests.test_sandbox_browser import BROWSER, Browser, Tab
from tests.waiting import until

pytestmark = pytest.mark.skipif(BROWSER is None, reason="No chromium or chrome is installed to look with.")

DECLARED = [page for page, _ in make_registry().pages]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sandbox")) as one:
        yield one


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A browser that was nowhere yet."""
    one = Browser(tmp_path / "browser")
    yield one
    one.end()


def ask(sandbox: Running, question: str, answer: str) -> None:
    """Mia asks, Leo answers, Mia marks it: a draft for the FAQ."""
    asked = sandbox.act("mia", "say", place="questions", text=question)["message"]
    answered = sandbox.act("leo", "say", place="questions", thread=asked, text=answer)["message"]
    sandbox.act("mia", "react", message=answered, emoji="✅")


def opened(browser: Browser, address: str, scripts: bool = True) -> Tab:
    tab = browser.open("about:blank")
    browser.ask("Emulation.setScriptExecutionDisabled", tab.session, value=not scripts)
    browser.ask("Page.navigate", tab.session, url=address)
    tab.until("document.readyState === 'complete' && location.href !== 'about:blank'")
    return tab


def new_tab(browser: Browser, address: str) -> Tab:
    """The tab that the chat's link opened."""

    def opened() -> str | None:
        targets = browser.ask("Target.getTargets")["targetInfos"]
        return next((target["targetId"] for target in targets if address in target["url"]), None)

    target = until(opened, lambda: f"No tab shows {address}.")
    return Tab(browser, browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])


def click(tab: Tab, words: str, within: str = "document") -> None:
    """Presses the first button or link that says this."""
    found = f"[...{within}.querySelectorAll('button, a')].find((e) => e.textContent.trim() === {json.dumps(words)})"
    tab.until(f"{found} !== undefined")
    tab.run(f"{found}.click()")


def fill(tab: Tab, **values: str) -> None:
    for name, value in values.items():
        tab.run(f"document.querySelector('[name=f-{name}]').value = {json.dumps(value)}")


def link_in_chat(sandbox: Running, who: str = "ines") -> str:
    card = sandbox.act(who, "command", text="faq")["reply"]
    action = next(b["action"] for b in card["actions"] if b["label"] == "All on a page")
    found = re.search(r"http://\S+/in/\w+", sandbox.act(who, "press", action=action)["reply"]["text"])
    assert found
    return found[0]


def test_from_the_chat_to_an_approved_entry(sandbox: Running, browser: Browser) -> None:
    ask(sandbox, "How long may the page be?", "One page.")
    ask(sandbox, "Is there a template for the page?", "In the first week's folder.")
    ines = opened(browser, f"http://127.0.0.1:{sandbox.port}/as/ines/dm")
    ines.until("document.querySelector('#line')?.hidden === true")
    ines.run("document.querySelector('#write textarea').value = '/cohort faq'")
    ines.run("document.querySelector('#write form').requestSubmit()")
    click(ines, "All on a page")
    click(ines, "Review on a page")
    ines = new_tab(browser, "/in/")
    ines.shows("This link is yours alone.")
    click(ines, "Go on")
    ines.shows("2 drafts")
    assert ines.run("location.pathname") == "/review/1"
    click(ines, "Approve", "document.querySelector('section')")
    ines.shows("FAQ 1 approved.")
    click(ines, "Edit")
    ines.until("document.querySelector('[name=f-answer]') !== null")
    fill(ines, answer="In the folder of week 1.")
    click(ines, "Save and approve")
    ines.shows("FAQ 2 edited and approved.")
    ines.shows("Nothing waits for a review.")
    # The page has its own address: it can be reloaded, and opened again.
    assert ines.run("location.pathname") == "/review/1"
    assert "Nothing waits" in opened(browser, f"http://127.0.0.1:{sandbox.port}/review/1").run(
        "document.body.innerText"
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_outlives_its_session(sandbox: Running, browser: Browser, scripts: bool) -> None:
    question = f"May I use a tool that checks grammar, number {scripts:d}?"
    ask(sandbox, question, "Yes.")
    tab = opened(browser, link_in_chat(sandbox), scripts)
    click(tab, "Go on")
    tab.shows(question)
    click(tab, "Edit")
    tab.until("document.querySelector('[name=f-answer]') !== null")
    fill(tab, answer="Yes, and say which one.")
    now = json.loads(sandbox.ask("GET", "state?as=ines"))["now"]
    sandbox.ask("POST", "clock", {"advance": write_instant(parse_instant(now) + timedelta(days=1))})
    click(tab, "Save and approve")
    tab.shows("Not signed in")
    tab.shows("Yes, and say which one.")
    other = opened(browser, link_in_chat(sandbox), scripts)
    click(other, "Go on")
    other.shows(question)
    click(tab, "Send it again")
    tab.shows("edited and approved.")
    found = sandbox.act("mia", "command", text="find checks grammar")["reply"]["text"]
    assert "Yes, and say which one." in found


def test_somebody_else_who_signs_in_sends_nothing_of_the_first(sandbox: Running, browser: Browser) -> None:
    question = "May two of us write one page?"
    ask(sandbox, question, "Yes.")
    tab = opened(browser, link_in_chat(sandbox))
    click(tab, "Go on")
    tab.shows(question)
    click(tab, "Edit")
    tab.until("document.querySelector('[name=f-answer]') !== null")
    fill(tab, answer="Yes, and both sign it.")
    now = json.loads(sandbox.ask("GET", "state?as=ines"))["now"]
    sandbox.ask("POST", "clock", {"advance": write_instant(parse_instant(now) + timedelta(days=1))})
    click(tab, "Save and approve")
    tab.shows("Not signed in")
    other = opened(browser, link_in_chat(sandbox, "omar"))
    click(other, "Go on")
    other.shows(question)
    click(tab, "Send it again")
    tab.shows("Not yours")
    tab.shows("You are signed in as Omar")
    tab.shows("Yes, and both sign it.")
    assert tab.run("document.querySelector('form') === null")
    other.run("window.before = true; location.reload()")
    other.until("window.before === undefined && document.readyState === 'complete'")
    other.shows(question)
    assert "both sign it" not in other.run("document.body.innerText")


def test_a_double_click_lets_in(sandbox: Running, browser: Browser) -> None:
    ask(sandbox, "Do you take PDF files, too?", "Yes, PDF or plain text.")
    tab = opened(browser, link_in_chat(sandbox))
    tab.run("const go = document.querySelector('button'); go.click(); go.click()")
    tab.shows("what waits for a yes or no")


def test_another_sites_page_gets_nowhere(sandbox: Running, browser: Browser, tmp_path: Path) -> None:
    link = link_in_chat(sandbox)
    review = f"http://127.0.0.1:{sandbox.port}/review/1"
    for number, (address, values) in enumerate(
        ((link, ""), (review, "<input name=press value=faq.approve/1/1:1>"), (review, "<input name=f-x value=evil>"))
    ):
        page = tmp_path / f"evil-{number}.html"
        page.write_text(f"<form method=post action={address}>{values}<button>Win</button></form>")
        tab = opened(browser, f"file://{page}")
        click(tab, "Win")
        tab.shows("was not sent by a page of this site")
        assert "evil" not in tab.run("document.body.innerText")
    tab = opened(browser, link)
    click(tab, "Go on")
    tab.shows("what waits for a yes or no")


FIVE_WEEKS = """\
# Writing that is read
5 hours a week

## Week 1: A reader
Goal: Name one reader, and what they need.
- Read [Who reads this?](https://example.org/reader) (40 min)
- Discuss: Which page helped you last month, and why? (30 min)
- Hand in: your reader in three sentences (90 min)

## Week 2: A first page
Goal: Write a page that your reader reads to its end.
- Watch [Cutting](https://example.org/cutting) (20 min)
  - Pause at 5:00. What would you cut?
- Hand in: a first page (2 h)

## Week 3: Less
Goal: Say the same in half as many words.
- Read [Half](https://example.org/half) (30 min)
- Quiz: Which sentence would nobody miss?
- Discuss: What did you cut, and what did it cost? (30 min)

## Week 4: Somebody reads
Goal: Watch somebody read your page.
- Exercise: Sit beside your reader, and say nothing (60 min)
- Reflect on what they did not find

## Week 5: The last page
Goal: Publish a page.
- Read [Before you publish](https://example.org/publish) (20 min)
- Hand in: the page (2 h)
- Discuss: What would you tell somebody who begins? (30 min)
"""


def looked_at(browser: Browser, tab: Tab, scripts: bool) -> None:
    """Axe is a script itself."""
    for width in (1280, 390) if scripts else ():
        browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **SCREEN, width=width)
        assert faults(browser, tab) == [], width


@pytest.mark.parametrize("scripts", [True, False])
def test_a_course_of_five_weeks_is_made_without_a_file(
    sandbox: Running, browser: Browser, tmp_path: Path, scripts: bool
) -> None:
    """From the link in the chat to a file that has no errors, with what an outline leaves to its author."""
    who = f"nell{scripts:d}"
    sandbox.ask("POST", "people", {"id": who, "name": "Nell", "zone": "Europe/Berlin"})
    tab = page_from_the_chat(sandbox, browser, scripts, who, "", "Lay out a course of my own")
    click(tab, "Take an outline or a course file")
    tab.until("document.querySelector('[name=f-text]') !== null")
    looked_at(browser, tab, scripts)
    if scripts:
        fill(tab, text="No heading.")
        tab.run("document.querySelector('[name=f-text]').dispatchEvent(new Event('input', {bubbles: true}))")
        tab.shows("No week was found.")
    fill(tab, text="" if scripts else FIVE_WEEKS)
    if scripts:
        choose(browser, tab, tmp_path, FIVE_WEEKS)
        tab.shows("Week 5: The last page")
        looked_at(browser, tab, scripts)
    click(tab, "Read it")
    tab.shows("5 weeks were read.")
    tab.shows("Week 5: The last page")
    looked_at(browser, tab, scripts)
    click(tab, "Watch Cutting")
    tab.until("document.querySelector('[name=f-captions]') !== null")
    fill(tab, captions="yes", minutes="7 h")
    if scripts:
        tab.run("document.querySelector('[name=f-captions]').dispatchEvent(new Event('input', {bubbles: true}))")
        tab.until("document.querySelector('aside').innerText.includes('7 h')")
    fill(tab, minutes="15")
    looked_at(browser, tab, scripts)
    click(tab, "Save")
    tab.shows("Saved: Watch Cutting.")
    click(tab, "Add a milestone", "document.querySelectorAll('section')[3]")
    tab.until("document.querySelector('[name=f-title]') !== null")
    assert tab.run("document.querySelector('[name=f-week]').value") == "4"
    fill(tab, title="Hand in what you saw", minutes="a while")
    click(tab, "Add it")
    tab.until("document.querySelector('[aria-invalid]') !== null")
    assert tab.run("document.querySelector('[name=f-title]').value") == "Hand in what you saw"
    looked_at(browser, tab, scripts)
    fill(tab, minutes="60")
    click(tab, "Add it")
    tab.shows("Added: Hand in what you saw.")
    link = tab.run("[...document.links].map(a => a.href).find(h => h.endsWith('/course.yaml'))")
    cookies = browser.ask("Network.getCookies", tab.session, urls=[link])["cookies"]
    file = httpx.get(link, cookies={one["name"]: one["value"] for one in cookies}).text
    course = tmp_path / "course.yaml"
    course.write_text(file, encoding="utf-8")
    checked = subprocess.run([PROGRAM, "check", str(course)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def choose(browser: Browser, tab: Tab, folder: Path, text: str) -> None:
    """Chooses a file on the page, as its dialogue would."""
    file = folder / "course.md"
    file.write_text(text, encoding="utf-8")
    object = browser.ask("Runtime.evaluate", tab.session, expression="document.querySelector('[type=file]')")["result"][
        "objectId"
    ]
    browser.ask("DOM.setFileInputFiles", tab.session, files=[str(file)], objectId=object)


@pytest.mark.parametrize("scripts", [True, False])
def test_minutes_and_audit_stay_in_sight_on_a_phone(sandbox: Running, browser: Browser, scripts: bool) -> None:
    """The first screen of a form shows what it asks first and what it makes; nothing hides the field with the focus."""
    who = f"pia{scripts:d}"
    sandbox.ask("POST", "people", {"id": who, "name": "Pia", "zone": "Europe/Berlin"})
    tab = page_from_the_chat(sandbox, browser, scripts, who, "", "Lay out a course of my own")
    browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **SCREEN, width=390)
    click(tab, "Take an outline or a course file")
    tab.until("document.querySelector('[name=f-text]') !== null")
    fill(tab, text=FIVE_WEEKS)
    click(tab, "Read it")
    tab.shows("5 weeks were read.")
    click(tab, "Milestone: A first page")
    tab.until("document.querySelector('aside')?.innerText.includes('Week 2')")
    box = "document.querySelector('aside').getBoundingClientRect()"
    assert tab.run(f"{box}.bottom <= innerHeight && {box}.height > 60")
    assert tab.run("document.querySelector('[name=f-minutes]').getBoundingClientRect().top < 900")
    assert not tab.run("document.querySelector('details').open")
    tab.run("document.querySelector('details summary').click()")
    tab.run("document.querySelector('[name=f-extension]').focus()")
    field = "document.querySelector('[name=f-extension]').getBoundingClientRect()"
    assert tab.run(f"{field}.bottom <= {box}.top")
    looked_at(browser, tab, scripts)


ONE_WEEK = """# Tea, briefly
## Week 1: A cup
- Read [Leaves](https://example.org/leaves) (20 min)
"""


def test_a_course_is_rehearsed_from_its_page(sandbox: Running, browser: Browser, tmp_path: Path) -> None:
    """The page shows by itself how far it is, and then what was found."""
    sandbox.ask("POST", "people", {"id": "noor", "name": "Noor", "zone": "Europe/Berlin"})
    tab = page_from_the_chat(sandbox, browser, True, "noor", "", "Lay out a course of my own")
    click(tab, "Take an outline or a course file")
    tab.until("document.querySelector('[type=file]') !== null")
    choose(browser, tab, tmp_path, ONE_WEEK)
    click(tab, "Read it")
    tab.shows("1 week was read.")
    click(tab, "Rehearse it")
    tab.shows("The rehearsal has begun.")
    tab.shows("The course is being played:")
    looked_at(browser, tab, True)
    tab.shows("Rehearse it again")
    tab.shows("It is done: this page has the result.")
    assert tab.run("document.querySelector('[role=status][data-done]').textContent").startswith("It is done")
    assert "Rehearsed:" in tab.run("document.body.innerText")
    assert "did not come to its end" not in tab.run("document.body.innerText")


# Every page that is declared


def visit_review(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    tab = opened(browser, link_in_chat(sandbox), scripts)
    click(tab, "Go on")
    return tab


def visit_site(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    visit_review(sandbox, browser, scripts).shows("what waits for a yes or no")
    return opened(browser, f"http://127.0.0.1:{sandbox.port}/faq/demo", scripts)


def visit_file(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    visit_review(sandbox, browser, scripts).shows("what waits for a yes or no")
    return opened(browser, f"http://127.0.0.1:{sandbox.port}/faq/demo/faq.css", scripts)


def certified(sandbox: Running) -> None:
    """Mia has completed the course."""
    sandbox.ask("GET", "people")  # it is up then
    storage = open_storage(f"sqlite:///{sandbox.folder / 'pacekeeper.db'}", SystemClock())

    def issue(unit: Unit) -> None:
        person = unit.people.owner(Account("sandbox", "mia"))
        assert person is not None
        store, at = unit.store("completion"), storage.now()
        if not store.certificates_of(person.id):
            days = (date(2026, 1, 5), date(2026, 2, 1))
            name, course = "Mia Sørensen-Okonkwo", "Write one page that people read"
            store.issue(Certificate("ABCDEFGHJKMN", 1, person.id, name, course, at, *days))

    storage.run_now(issue)
    storage.close()


def visit_certificate(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    certified(sandbox)
    card = sandbox.act("mia", "command", text="certificate")["reply"]
    for label in ("Show it to others", "Make the page"):
        action = next((b["action"] for b in card["actions"] if b["label"] == label), None)
        card = sandbox.act("mia", "press", action=action)["reply"] if action else card
    found = re.search(r"http://\S+/certificate/[A-Z0-9-]+", card["text"])
    assert found
    return opened(browser, found[0], scripts)


def page_from_the_chat(sandbox: Running, browser: Browser, scripts: bool, who: str, command: str, *labels: str) -> Tab:
    """The page that a link in the answer to the last of these buttons leads to."""
    card = sandbox.act(who, "command", text=command)["reply"]
    for label in labels:
        action = next(b["action"] for b in card["actions"] if b["label"] == label)
        card = sandbox.act(who, "press", action=action)["reply"]
    found = re.search(r"http://\S+/in/\w+", card["text"])
    assert found
    tab = opened(browser, found[0], scripts)
    click(tab, "Go on")
    return tab


def visit_progress(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    return page_from_the_chat(sandbox, browser, scripts, "mia", "", "My progress", "On a page")


def visit_work(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    sandbox.act("leo", "command", text="submit https://example.org/leo")
    return page_from_the_chat(sandbox, browser, scripts, "ines", "desk", "Work on a page")


def visit_piece(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    tab = visit_work(sandbox, browser, scripts)
    tab.shows("Work that waits for feedback")
    address = tab.run("[...document.links].map(a => a.href).find(h => /feedback\\/\\d+\\/.+\\/\\d+/.test(h))")
    return opened(browser, address, scripts)


def visit_week(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    """Tane manages two cohorts: of one there is no page."""
    sandbox.ask("GET", "people")  # it is up then
    card = sandbox.act("tane", "command", text="overview")["reply"]
    if "All on a page" not in [b["label"] for b in card["actions"]]:
        storage = open_storage(f"sqlite:///{sandbox.folder / 'pacekeeper.db'}", SystemClock())
        day = parse_instant(json.loads(sandbox.ask("GET", "state?as=ines"))["now"]).date()
        for code in ("first", "second"):
            course = COURSE.replace("id: demo", f"id: {code}").replace("Demo course", f"The {code} course")
            monday = day - timedelta(days=day.weekday())
            people = ((Role.MANAGER, "tane"),)
            plan = CohortPlan(code, course, monday, "Europe/Berlin", "sandbox", channels={}, people=people)
            create_cohort(storage, make_registry(), plan)
        storage.close()
    return page_from_the_chat(sandbox, browser, scripts, "tane", "overview", "All on a page")


def visit_pages(sandbox: Running, browser: Browser, scripts: bool, who: str = "omar", tab: str = "") -> Tab:
    """The pages of a cohort, and from there the one with this tab."""
    sandbox.ask("GET", "people")  # it is up then
    page = page_from_the_chat(sandbox, browser, scripts, who, "desk", "On pages")
    page.until("document.querySelector('header nav') !== null")
    if tab:
        click(page, tab, "document.querySelector('header nav')")
        page.until(f"document.querySelector('[aria-current]')?.textContent === {json.dumps(tab)}")
    return page


def visit_cohort(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    return visit_pages(sandbox, browser, scripts)


def visit_learners(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    return visit_pages(sandbox, browser, scripts, "ines")


def visit_tab(who: str, tab: str) -> Callable[[Running, Browser, bool], Tab]:
    return lambda sandbox, browser, scripts: visit_pages(sandbox, browser, scripts, who, tab)


def visit_questions(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    sandbox.act("mia", "say", place="questions", text="Is <b>this</b> the last question of all?")
    return visit_pages(sandbox, browser, scripts, "ines", "Questions")


def visit_runs(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    visit_pages(sandbox, browser, scripts, "omar", "Runs").shows("All your runs")
    return opened(browser, f"http://127.0.0.1:{sandbox.port}/runs", scripts)


def visit_copy(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    return page_from_the_chat(sandbox, browser, scripts, "mia", "settings", "Get a copy")


def visit_saved_copy(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    """The files are saved, not shown; there is nothing at any other name."""
    visit_copy(sandbox, browser, scripts).shows("An account of yours on a platform")
    return opened(browser, f"http://127.0.0.1:{sandbox.port}/mine/person", scripts)


def visit_feed(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    """A program reads the feed, as a browser only saves it; what a browser shows is that it was switched off."""

    def press(*labels: str) -> str:
        card = sandbox.act("mia", "command", text="settings")["reply"]
        for label in labels:
            action = next(b["action"] for b in card["actions"] if b["label"] == label)
            card = sandbox.act("mia", "press", action=action)["reply"]
        return str(card["text"])

    found = re.search(r"http://\S+/calendar/[\w-]+\.ics", press("In my calendar"))
    assert found
    assert httpx.get(found[0]).text.startswith("BEGIN:VCALENDAR")
    press("In my calendar", "Switch it off")
    return opened(browser, found[0], scripts)


def visit_draft(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    return page_from_the_chat(sandbox, browser, scripts, "ines", "course", "On a page")


def visit_drafted_file(sandbox: Running, browser: Browser, scripts: bool) -> Tab:
    """The file is saved, not shown: who is not signed in is shown why not."""
    visit_draft(sandbox, browser, scripts).shows("Download the course file")
    return opened(browser, f"http://127.0.0.1:{sandbox.port}/draft/999/course.yaml", scripts)


VISITS: dict[str, tuple[Callable[[Running, Browser, bool], Tab], str]] = {
    "draft/{of}": (visit_draft, "In several weeks"),
    "draft/{of}/{file}": (visit_drafted_file, "This is for the course team of the cohort."),
    "certificate/{code}": (visit_certificate, "Mia Sørensen-Okonkwo"),
    "review/{cohort}": (visit_review, "The FAQ: what waits for a yes or no"),
    "progress/{cohort}": (visit_progress, "Week 1"),
    "feedback/{cohort}": (visit_work, "Work that waits for feedback"),
    "feedback/{cohort}/{of}/{number}": (visit_piece, "https://example.org/leo"),
    "managers-week": (visit_week, "The second course"),
    "week/{cohort}": (visit_cohort, "All figures"),
    "learners/{cohort}": (visit_learners, "Who took part in which week"),
    "dates/{cohort}": (visit_tab("omar", "Dates"), "What all learners meet at one instant"),
    "questions/{cohort}": (visit_questions, "Is <b>this</b> the last question of all?"),
    "milestones/{cohort}": (visit_tab("ines", "Milestones"), "How far each learner is"),
    "stuck/{cohort}": (visit_tab("ines", "Stuck"), "Where people get stuck"),
    "live/{cohort}": (visit_tab("omar", "Live sessions"), "All sessions of the course"),
    "runs": (visit_runs, "Your runs, side by side"),
    "runs/{cohort}": (visit_tab("omar", "Runs"), "All your runs"),
    "log/{cohort}": (visit_tab("omar", "Log"), "What was done with the role"),
    "delivery/{cohort}": (visit_tab("omar", "Delivery"), "Do messages arrive?"),
    "mine/": (visit_copy, "An account of yours on a platform"),
    "mine/{file}": (visit_saved_copy, "That is not here any more."),
    "calendar/{file}": (visit_feed, "There is no calendar at this address."),
    "faq/{course}/": (visit_site, "Questions and answers"),
    "faq/{course}/{file}": (visit_file, ":root"),
}
"""How somebody comes to each page, and what they see there. A new page needs a line here."""


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("page", DECLARED, ids=lambda page: page.path)
def test_every_page_can_be_reached(sandbox: Running, browser: Browser, page: Page, scripts: bool) -> None:
    visit, words = VISITS[page.path]
    tab = visit(sandbox, browser, scripts)
    tab.shows(words)
    path = tab.run("location.pathname").removeprefix("/")
    assert page.match(path) is not None, path
    for width in (390, 1280) if scripts else ():
        browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **SCREEN, width=width)
        wide = "[document.documentElement.scrollWidth, innerWidth]"
        needed, there = tab.run(wide)
        assert needed <= there, f"{path} scrolls sideways at {width} px"
        if width == 390:
            boxes = "[...document.querySelectorAll('.wide')]"
            beyond = f"{boxes}.filter(w => w.scrollWidth > w.clientWidth).map(w => w.innerText)"
            assert tab.run(beyond) == [], f"{path} hides columns of a table on a phone"
        assert faults(browser, tab) == [], f"{path} at {width} px"


SCREEN = {"height": 900, "deviceScaleFactor": 1, "mobile": False}
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(browser: Browser, tab: Tab) -> list[str]:
    """What axe-core finds on a page, which itself lets nobody else's script run. A style sheet or text is no page."""
    if tab.run("document.contentType") != "text/html":
        return []
    run = f"axe.run({{runOnly: {json.dumps(WCAG)}}}).then(r => JSON.stringify(r.violations))"
    asked = {"expression": f"{AXE};{run}", "awaitPromise": True, "returnByValue": True}
    found = browser.ask("Runtime.evaluate", tab.session, **asked)["result"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in json.loads(found["value"])]
