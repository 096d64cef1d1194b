"""A small fake Discord: REST and gateway on loopback, with one server and people. It refuses what the real one would
refuse (`limits.py`), answers a repeated nonce with the first message, and fails on request."""

from typing import Any

from aiohttp import web

from tests.discord.fake_rest import Rest
from tests.discord.fake_world import EPHEMERAL, Fault, Json, Refusal

__all__ = ["FakeDiscord", "Fault"]


class FakeDiscord(Rest):
    # Running

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_get("/gateway", self._gateway)
        app.router.add_get("/file/{name}", self._file)
        app.router.add_route("*", "/api/v10/{tail:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        await self.cut(resume=True)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    # Interactions

    def _call_back(self, id: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> None:
        found = self.interactions.get(token)
        if found is None or found["id"] != id or self.late:
            raise Refusal(404, 10062, "Unknown interaction")
        if found["answered"]:
            raise Refusal(400, 40060)
        found |= {"answered": True, "kind": body["type"]}
        if body["type"] == 9 and found["type"] == 5:
            raise Refusal(400, 50035, "no modal in answer to a modal")
        if body["type"] == 4:
            self._show(found, body["data"], files)
        elif body["type"] == 9:
            self.modals[found["by"]] = (found, body["data"])
        elif body["type"] == 8:
            self.completions.append(body["data"]["choices"])

    def _show(self, interaction: Json, data: Json, files: list[tuple[str, bytes]]) -> Json:
        channel = interaction["channel_id"]
        message = self._message(channel, self.bot, data, files)
        self.messages[channel].pop(message["id"])
        message |= {"to": interaction["by"], "flags": EPHEMERAL}
        self.whispered.setdefault(channel, []).append(message)
        interaction.setdefault("original", message)
        return self._shown(message)

    def _follow_up(self, application: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any) -> Json:
        return self._show(self._open(token), body, files)

    def _change_original(
        self, application: str, token: str, body: Json, files: list[tuple[str, bytes]], **_: Any
    ) -> Json:
        found = self._open(token)
        if found["kind"] != 5 or "original" in found:
            raise Refusal(404, 10008)
        return self._show(found, {**body, "flags": EPHEMERAL}, files)

    def _drop_original(self, application: str, token: str, **_: Any) -> None:
        self._open(token)

    def _open(self, token: str) -> Json:
        found = self.interactions.get(token)
        if found is None or not found["answered"]:
            raise Refusal(404, 10015)
        return found
