"""Responses to an interaction. Discord waits three seconds for the first, and 15 minutes for the rest."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord.http import Route

from adapters.discord.controls import Json
from adapters.discord.failures import ALREADY_ANSWERED, UNKNOWN_INTERACTION
from adapters.discord.render import Part
from adapters.discord.rest import Rest, code_of, with_files
from bot.core.errors import DeliveryError, Unclear
from bot.core.translation import _

log = logging.getLogger(__name__)

PRIVATE = 64
"""The flag of an ephemeral message."""

MESSAGE, LATER, UPDATE_LATER, CHOICES, MODAL = 4, 5, 6, 8, 9


class Reply:
    """Sends responses in the way that the interaction's state allows. Only the person sees them.

    What Discord takes no more goes to the person's direct conversation (`instead`, once the person is known)."""

    instead: Callable[[Sequence[Part]], Awaitable[None]] | None = None

    def __init__(self, rest: Rest, interaction: discord.Interaction) -> None:
        self._rest = rest
        self._id = str(interaction.id)
        self._token = interaction.token
        self._application = str(interaction.application_id)
        self._from_message = interaction.message is not None
        self.begun = False
        """Whether the first response was sent."""
        self._thinking = False

    @property
    def may_open_modal(self) -> bool:
        return not self.begun

    async def defer(self) -> None:
        """Defers the response."""
        if not self.begun:
            self._thinking = await self._call_back(LATER, {"flags": PRIVATE})

    async def open(self, modal: Json) -> bool:
        """Opens a modal; False if Discord does not."""
        return await self._call_back(MODAL, modal)

    async def complete(self, choices: Sequence[Json]) -> None:
        await self._call_back(CHOICES, {"choices": list(choices)})

    async def nothing(self) -> None:
        """Acknowledges without a message."""
        if self._thinking:
            await self._follow("DELETE", "/messages/@original", None)
        elif not self.begun and self._from_message:
            await self._call_back(UPDATE_LATER, None)
        elif not self.begun:
            await self.say([Part(_("Done."))])

    async def say(self, parts: Sequence[Part]) -> None:
        for number, part in enumerate(parts):
            if not await self._say(part):
                await self.say_directly(parts[number:])
                return

    async def say_directly(self, parts: Sequence[Part]) -> None:
        """Sends a message where the interaction itself cannot be answered."""
        if self.instead is not None:
            await self.instead(parts)

    async def _say(self, part: Part) -> bool:
        body = {**part.payload(), "flags": PRIVATE}
        if not self.begun:
            return await self._call_back(MESSAGE, body, part.files)
        if self._thinking:
            self._thinking = False
            return await self._follow("PATCH", "/messages/@original", part.payload(), part.files)
        return await self._follow("POST", "", body, part.files)

    async def _call_back(self, type: int, data: Json | None, files: Sequence[tuple[str, bytes]] = ()) -> bool:
        """Sends the first response; False if Discord does not take it. One whose fate is unclear is sent once more:
        that Discord has one already means that it arrived."""
        self.begun = True
        body: Json = {"type": type}
        if data is not None:
            body["data"] = data
        path = "/interactions/{webhook_id}/{webhook_token}/callback"
        error = await self._try("POST", path, self._id, body, files)
        if isinstance(error, Unclear):
            error = await self._try("POST", path, self._id, body, files)
            return error is None or code_of(error) == ALREADY_ANSWERED
        return error is None

    async def _follow(
        self, method: str, below: str, body: Json | None, files: Sequence[tuple[str, bytes]] = ()
    ) -> bool:
        path = "/webhooks/{webhook_id}/{webhook_token}" + below
        return await self._try(method, path, self._application, body, files) is None

    async def _try(
        self, method: str, path: str, id: str, body: Any, files: Sequence[tuple[str, bytes]]
    ) -> DeliveryError | None:
        try:
            # Passed as a webhook, so that discord.py counts the rate limit per interaction.
            route = Route(method, path, webhook_id=id, webhook_token=self._token)
            await self._rest.write(lambda http: http.request(route, **_body(body, files)))
        except DeliveryError as e:
            expired = code_of(e) in (UNKNOWN_INTERACTION, ALREADY_ANSWERED)
            log.log(logging.INFO if expired else logging.WARNING, "An interaction could not be answered: %s", e)
            return e
        return None


def _body(body: Any, files: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    sent = with_files(body, files)
    return {"form": sent.multipart, "files": sent.files} if files else {"json": body} if body is not None else {}
