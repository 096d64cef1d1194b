"""The sandbox in a real browser: what a person sees, and what arrives while they look."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.test_run import Running, running
from tests.waiting import until

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = "--headless --no-sandbox --disable-gpu --no-first-run --disable-sync --disable-background-networking"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="No chromium or chrome is installed to look with.")


class Browser:
    """A browser without a window, spoken to by its DevTools protocol over a pipe."""

    def __init__(self, folder: Path) -> None:
        ours_read, theirs_write = os.pipe()
        theirs_read, ours_write = os.pipe()

        def hand_over() -> None:
            """It reads from descriptor 3 and writes to 4."""
            read, write = (fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_read, theirs_write))
            os.dup2(read, 3)
            os.dup2(write, 4)

        line = [str(BROWSER), *QUIET.split(), f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"]
        nothing = subprocess.DEVNULL
        self._process = subprocess.Popen(
            line, preexec_fn=hand_over, pass_fds=(3, 4), stdin=nothing, stdout=nothing, stderr=nothing
        )
        os.close(theirs_read)
        os.close(theirs_write)
        self._from, self._to = os.fdopen(ours_read, "rb"), os.fdopen(ours_write, "wb", 0)
        self._numbers = count(1)
        self._rest = b""

    def ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        said = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        self._to.write(json.dumps(said).encode() + b"\0")
        while True:
            heard = self._next()
            if heard.get("id") == number:
                if "navigated" in heard.get("error", {}).get("message", ""):
                    raise PageLeft(heard)
                assert "result" in heard, heard
                result: dict[str, Any] = heard["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            more = os.read(self._from.fileno(), 1 << 16)
            assert more, "The browser has ended."
            self._rest += more
        text, _, self._rest = self._rest.partition(b"\0")
        heard: dict[str, Any] = json.loads(text)
        return heard

    def open(self, address: str) -> "Tab":
        target = self.ask("Target.createTarget", url=address)["targetId"]
        return Tab(self, self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])

    def end(self) -> None:
        self._process.kill()
        self._process.wait(60)
        self._from.close()
        self._to.close()


class PageLeft(Exception):
    """The page was left while it was asked."""


class Tab:
    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self.session = session

    def run(self, script: str) -> Any:
        # As by a person's hand: what they press may open a tab.
        asked = {"expression": script, "returnByValue": True, "userGesture": True}
        found = self._browser.ask("Runtime.evaluate", self.session, **asked)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def until(self, script: str) -> None:
        until(lambda: self._now(script), lambda: f"{script}\n{self.run('document.body.innerText')}")

    def _now(self, script: str) -> Any:
        try:
            return self.run(script)
        except PageLeft:  # the next page will answer
            return None

    def shows(self, words: str) -> None:
        self.until(f"document.body?.innerText.includes({json.dumps(words)})")


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("sandbox")) as one:
        yield one


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, sandbox: Running) -> Iterator[Browser]:
    one = Browser(tmp_path_factory.mktemp("browser"))
    try:
        one.ask("Browser.getVersion")
        sandbox.ask("GET", "people")  # both start at once; when they answer, they are up
        yield one
    finally:
        one.end()


def test_mia_finds_her_welcome_card(sandbox: Running, browser: Browser) -> None:
    mia = browser.open(f"http://127.0.0.1:{sandbox.port}/as/mia/dm")
    mia.shows("Welcome to Write one page that people read")
    mia.shows("Hello Mia.")
    mia.shows("Europe/Berlin, now 09:00")


def test_what_somebody_else_says_appears_while_one_looks(sandbox: Running, browser: Browser) -> None:
    mia = browser.open(f"http://127.0.0.1:{sandbox.port}/as/mia/questions")
    mia.until("document.querySelector('#line')?.hidden === true && document.readyState === 'complete'")
    evil = "<script>document.title = 'owned'</script> Is anybody here?"
    sandbox.act("leo", "say", place="questions", text=evil)
    mia.shows(evil)
    assert "owned" not in mia.run("document.title")


def test_more_tabs_than_a_browser_has_lines(sandbox: Running, browser: Browser) -> None:
    people = ("mia", "leo", "aiko", "tane", "ines", "omar", "mia", "leo")
    tabs = [browser.open(f"http://127.0.0.1:{sandbox.port}/as/{who}/page-writers") for who in people]
    for tab in tabs:
        tab.until("document.readyState === 'complete' && document.querySelector('#write textarea') !== null")
    tabs[-1].run(
        "document.querySelector('#write textarea').value = 'Hello all';"
        "document.querySelector('#write form').requestSubmit()"
    )
    for tab in tabs:
        tab.shows("Hello all")


def test_the_menu_beside_send_tries_what_is_more_than_words(sandbox: Running, browser: Browser) -> None:
    leo = browser.open(f"http://127.0.0.1:{sandbox.port}/as/leo/dm")
    leo.until("document.querySelector('#line')?.hidden === true && document.readyState === 'complete'")
    write = "document.querySelector('#write textarea').value = {}; document.querySelector('#write select').value = {};"
    send = "document.querySelector('#write form').requestSubmit()"
    ready = "document.querySelector('#write select').value === 'text' && !document.querySelector('#write [aria-busy]')"
    for kind, label in (("voice", "a voice message"), ("sticker", "a sticker"), ("poll", "a poll")):
        leo.run(write.format("''", json.dumps(kind)) + send)
        leo.shows(f"[{label}]")
        leo.until(ready)
    leo.run(write.format("'/cohort, as they write it'", "'image'") + send)
    leo.shows("[a picture]")
    leo.shows("/cohort, as they write it")
    leo.until(ready)
    # Words again, which must not be nothing.
    before = leo.run("document.querySelectorAll('.post.mine').length")
    leo.run(send)
    leo.run(write.format("'/cohort next'", "'text'") + send)
    leo.until("document.querySelector('#write textarea').value === ''")
    assert leo.run("document.querySelectorAll('.post.mine').length") == before
    state = json.loads(sandbox.ask("GET", "state?as=leo"))
    said = [(m["kind"], m["text"]) for m in state["messages"] if m["by"] == "leo"]
    assert said[-4:] == [("voice", ""), ("sticker", ""), ("poll", ""), ("image", "/cohort, as they write it")]
