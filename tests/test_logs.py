"""What an operator reads on standard error: each trouble once, in a line, and nothing that people wrote."""

import asyncio
import io
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import aiohttp
import discord
import psycopg
import pydantic
import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from adapters.discord.failures import error_of
from bot.app import logs
from bot.core.errors import Refused, Unavailable, reason

CANARY = "kanarienvogel"


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@contextmanager
def logging_to(out: io.StringIO, clock: Clock | None = None) -> Iterator[logs.Repeats]:
    handler = logs.Repeats(logs.Stream(out), 600, clock or Clock())
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        root.handlers[:] = before
        root.setLevel(level)


def lines(out: io.StringIO) -> list[str]:
    return [line.partition(",")[2].partition(" ")[2] for line in out.getvalue().splitlines()]


# Once


def test_a_platform_that_is_away_is_said_once_then_counted_and_when_it_is_back() -> None:
    out, clock = io.StringIO(), Clock()
    log = logging.getLogger("adapters.chat")
    with logging_to(out, clock) as handler:
        for pause in range(313):
            error = ConnectionRefusedError(111, "Connection refused")
            log.warning("Chat could not be reached, and is tried again in %.0f s: %s", pause, error)
            clock.at += 2
        assert len(lines(out)) == 2
        handler.look()
        clock.at += 700
        handler.look()
        handler.look()
    first, again, well = lines(out)
    assert first == "WARNING adapters.chat: Chat could not be reached, and is tried again in 0 s: Connection refused"
    assert again.endswith("(again 300 times in 10 min)")
    assert well.endswith("(well again: this came 313 times, and not since)")


def test_what_happens_once_is_said_once_and_other_things_are_not_held_back() -> None:
    out, clock = io.StringIO(), Clock()
    log = logging.getLogger("bot.runtime")
    with logging_to(out, clock) as handler:
        log.error("The disk is full")
        log.error("The line was cut")
        log.info("Connected")
        log.info("Connected")
        clock.at += 1000
        handler.look()
    assert [line.partition(": ")[2] for line in lines(out)] == [
        "The disk is full",
        "The line was cut",
        "Connected",
        "Connected",
    ]


def test_a_library_that_writes_numbers_into_its_words_is_counted_too(library: "Library") -> None:
    out = io.StringIO()
    with logging_to(out):
        for seconds in range(50):
            library("log.warning('Attempting a reconnect in %.2fs', value)", seconds / 7)
    assert len(lines(out)) == 1


def test_what_was_counted_is_told_at_the_end() -> None:
    out = io.StringIO()
    with logging_to(out) as handler:
        for _ in range(4):
            logging.getLogger("bot.runtime").error("The disk is full")
        handler.flush()
    assert lines(out)[-1].endswith("The disk is full (again 3 times in 1 min)")


# In a line


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(104, "Connection reset by peer"),
        TimeoutError(),
        Unavailable("Chat could not be reached."),
        aiohttp.ServerDisconnectedError(),
        OperationalError("SELECT", {}, psycopg.OperationalError("connection refused")),
    ],
    ids=lambda e: type(e).__name__,
)
def test_what_does_not_answer_is_one_line(error: Exception) -> None:
    out = io.StringIO()
    with logging_to(out):
        try:
            raise error
        except Exception:
            logging.getLogger("bot.runtime.loop").exception("The loop will try again")
    (line,) = lines(out)
    assert line == f"ERROR bot.runtime.loop: The loop will try again: {reason(error)}"


def test_a_library_that_cannot_connect_is_one_plain_line_and_nothing_else_of_it_is_shown() -> None:
    out = io.StringIO()
    library = logging.getLogger("slack_bolt.App")
    library.setLevel(logging.INFO)  # as the library itself does
    with logging_to(out):
        library.info(f"The session {CANARY} has been abandoned")
        try:
            raise ConnectionRefusedError(111, "Connection refused")
        except OSError as e:
            library.exception(f"Failed to connect {CANARY}: {e}")
    assert lines(out) == ["ERROR slack_bolt.App: a connection failed: Connection refused"]


def test_an_error_of_ours_says_where_it_came_from() -> None:
    out = io.StringIO()
    with logging_to(out):
        try:
            _ = {}["key"]
        except KeyError:
            logging.getLogger("bot.runtime").exception("It failed")
    assert "test_an_error_of_ours_says_where_it_came_from" in out.getvalue()
    assert out.getvalue().rstrip().endswith("builtins.KeyError")


# Nothing that people wrote

Library = Callable[..., None]


@pytest.fixture
def library(tmp_path: "pytest.TempPathFactory", monkeypatch: pytest.MonkeyPatch) -> Library:
    """Runs a line in a module of somebody else."""
    number = iter(range(100))

    def call(line: str, value: object) -> None:
        name = f"theirs{next(number)}"
        path = tmp_path / f"{name}.py"  # type: ignore[operator]
        path.write_text(f"import logging\nlog = logging.getLogger('theirs')\ndef call(value):\n    {line}\n")
        module = ModuleType(name)
        exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
        module.call(value)

    return call


def invalid() -> Exception:
    class Form(pydantic.BaseModel):
        age: int

    try:
        Form(age=CANARY)  # type: ignore[arg-type]
    except pydantic.ValidationError as e:
        return e
    raise AssertionError


def constraint() -> Exception:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5 (text)")
    try:
        db.execute("SELECT * FROM words WHERE words MATCH ?", (f'"{CANARY}',))
    except sqlite3.Error as e:
        return IntegrityError("SELECT …", {"text": CANARY}, e)
    raise AssertionError


def content_type() -> Exception:
    from multidict import CIMultiDict, CIMultiDictProxy
    from yarl import URL

    asked = aiohttp.RequestInfo(
        URL(f"https://slack.com/{CANARY}"), "POST", CIMultiDictProxy(CIMultiDict(Authorization=f"Bearer {CANARY}"))
    )
    return aiohttp.ContentTypeError(asked, (), message=CANARY)


class Answer:
    status, reason, headers = 400, "Bad Request", {}


def refused_by_discord() -> Exception:
    body = {"code": 50035, "message": "Invalid Form Body", "errors": {"content": {"_errors": [{"message": CANARY}]}}}
    return error_of(discord.HTTPException(Answer(), body), writing=True)  # type: ignore[arg-type]


ERRORS = [
    ValueError(CANARY),
    KeyError(CANARY),
    Refused(f"There is no `/cohort {CANARY}`."),
    FileNotFoundError(2, "No such file", CANARY),
    UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    invalid(),
    constraint(),
    content_type(),
    aiohttp.InvalidURL(f"https://{CANARY}"),
    refused_by_discord(),
    psycopg.errors.UniqueViolation(f"DETAIL: Key (name)=({CANARY}) already exists."),
    ExceptionGroup(CANARY, [ValueError(CANARY)]),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
def test_no_error_brings_what_was_written_into_the_log(error: Exception, library: Library) -> None:
    out = io.StringIO()
    with logging_to(out) as handler:
        ours = logging.getLogger("bot.runtime.chat")
        try:
            try:
                raise error
            except Exception as inner:
                raise RuntimeError(f"While saving {CANARY}") from inner
        except RuntimeError as e:
            ours.exception("It was set aside")
            ours.warning("It failed: %s", error)
            ours.warning("It failed again: %r", error)
            ours.warning("It failed with %(error)s", {"error": error})
            library("log.error('Job %s failed', value, exc_info=value)", e)
            library("log.error('Path %s got %s of %d', value, value, 7)", CANARY)
            library("log.error(f'Failed to run (error: {value})', exc_info=value)", e)
            library("log.warning(value)", f"Request body: {CANARY}")
        for _ in range(3):
            ours.error("It goes on", exc_info=error)
        handler.flush()
    assert CANARY not in out.getvalue()
    assert "Job … failed" in out.getvalue() or "Job RuntimeError failed" in out.getvalue()
    assert "Path … got … of 7" in out.getvalue()
    assert CANARY not in reason(error)


async def test_what_nobody_caught_in_the_background_is_told_without_its_values() -> None:
    out = io.StringIO()

    async def fail() -> None:
        raise ValueError(CANARY)

    with logging_to(out):
        watching = asyncio.create_task(logs.watch())
        await asyncio.sleep(0)
        forgotten = asyncio.create_task(fail(), name=CANARY)
        await asyncio.wait([forgotten])
        del forgotten
        await asyncio.sleep(0)
        watching.cancel()
    assert "Something failed in the background" in out.getvalue()
    assert CANARY not in out.getvalue()


def test_a_command_that_fails_shows_where_and_not_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import bot.app.cli

    def fail(**_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(bot.app.cli, "app", fail)
    monkeypatch.setattr(bot.app.cli, "restrict_umask", lambda: None)
    monkeypatch.setattr(sys, "argv", ["pacekeeper"])
    with pytest.raises(SystemExit) as ended:
        bot.app.cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert CANARY not in said
    assert "builtins.ValueError" in said
