"""What is sent over HTTP is counted as it arrives: too much of it, or too slowly, is refused unread."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app.limits import LARGEST, Limit
from bot.app.serving import combined, listening, serve
from tests.waiting import LONG

MEGABYTE = b"x" * 2**20


async def count(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """What the composition root serves, at a port."""
    with listening("127.0.0.1", 0) as at:
        serving = asyncio.create_task(
            serve(combined([Route("/count", count, methods=["POST"])], None), at, "127.0.0.1")
        )
        yield int(at.getsockname()[1])
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def post(port: int, head: str, parts: Iterator[bytes]) -> tuple[str, int]:
    """Sends a request bit by bit, until all is sent or the server has had enough; (answer, bytes that it took)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST /count HTTP/1.1\r\nhost: a\r\n{head}\r\n\r\n".encode())
    sent = 0
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            sent += len(part)
    answer = b""
    with suppress(ConnectionError):
        answer = await reader.read(2**16)
    writer.close()
    return answer.decode(), sent


def chunks(number: int) -> Iterator[bytes]:
    return (b"100000\r\n" + MEGABYTE + b"\r\n" for _ in range(number))


async def test_a_body_within_the_limit_arrives_whole() -> None:
    async with served() as port:
        for head, parts in (
            (f"content-length: {LARGEST}", iter([b"x" * LARGEST])),
            ("transfer-encoding: chunked", iter([b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n"])),
            ("content-length: 0", iter([])),
        ):
            answer, _ = await asyncio.wait_for(post(port, head + "\r\nconnection: close", parts), LONG)
            assert " 200 " in answer.splitlines()[0]


async def test_a_body_that_announces_too_much_is_refused_before_it_comes() -> None:
    async with served() as port:
        for announced in (LARGEST + 1, 300_000_000, 10**18):
            answer, _ = await asyncio.wait_for(post(port, f"content-length: {announced}", iter([b"x"])), LONG)
            assert answer.startswith("HTTP/1.1 413")


async def test_a_body_without_a_length_is_cut_off_and_fills_no_memory() -> None:
    async with served() as port:
        tracemalloc.start()
        _, sent = await asyncio.wait_for(post(port, "transfer-encoding: chunked", chunks(300)), LONG)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # What lies in the sockets' own buffers was sent, and taken by nobody.
        assert sent < 30 * 2**20
        assert peak < 20 * 2**20


@pytest.mark.parametrize("kind", ["silent", "dripping"])
async def test_a_body_that_comes_too_slowly_is_given_up(kind: str) -> None:
    answers: list[int] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(3600 if kind == "silent" else 0.001)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        answers.extend([message["status"]] if "status" in message else [])

    async def never(*_: object) -> None:
        raise AssertionError("The request was handed on.")

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    await asyncio.wait_for(Limit(never, seconds=0.05)(scope, receive, send), LONG)  # type: ignore[arg-type]
    assert answers == [408]
