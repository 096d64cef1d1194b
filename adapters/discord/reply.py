"""Responses to an interaction. Discord waits three seconds for the first, and 15 minutes for the rest."""

import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord.http import Route

from adapters.discord.controls import Json
from adapters.discord.failures import ALREADY_ANSWERED, UNKNOWN_INTERACTION
from adapters.discord.render import Part
from adapters.discord.rest import Rest, code_of, with_files
from bot.core.errors import DeliveryError
from bot.core.translation import _

log = logging.getLogger(__name__)

PRIVATE = 64
"""The flag of an ephemeral message."""

MESSAGE, LATER, UPDATE_LATER, CHOICES, MODAL = 4, 5, 6, 8, 9


class Reply:
    """Sends responses in the way that the interaction's state allows. Only the person sees them."""

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

    async def open(self, modal: Json) -> None:
        await self._call_back(MODAL, modal)

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
        for part in parts:
            body = {**part.payload(), "flags": PRIVATE}
            if not self.begun:
                if not await self._call_back(MESSAGE, body, part.files):
                    return
            elif self._thinking:
                self._thinking = False
                await self._follow("PATCH", "/messages/@original", part.payload(), part.files)
            else:
                await self._follow("POST", "", body, part.files)

    async def _call_back(self, type: int, data: Json | None, files: Sequence[tuple[str, bytes]] = ()) -> bool:
        """Sends the first response; False if Discord no longer accepts it."""
        self.begun = True
        body: Json = {"type": type}
        if data is not None:
            body["data"] = data
        return await self._try("POST", "/interactions/{webhook_id}/{webhook_token}/callback", self._id, body, files)

    async def _follow(
        self, method: str, below: str, body: Json | None, files: Sequence[tuple[str, bytes]] = ()
    ) -> None:
        await self._try(method, "/webhooks/{webhook_id}/{webhook_token}" + below, self._application, body, files)

    async def _try(self, method: str, path: str, id: str, body: Any, files: Sequence[tuple[str, bytes]]) -> bool:
        try:
            # Passed as a webhook, so that discord.py counts the rate limit per interaction.
            route = Route(method, path, webhook_id=id, webhook_token=self._token)
            await self._rest.write(lambda http: http.request(route, **_body(body, files)))
        except DeliveryError as e:
            # The act itself is stored; the person sees Discord's 'did not respond' and looks again.
            expired = code_of(e) in (UNKNOWN_INTERACTION, ALREADY_ANSWERED)
            log.log(logging.INFO if expired else logging.WARNING, "An interaction could not be answered: %s", e)
            return False
        return True


def _body(body: Any, files: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    sent = with_files(body, files)
    return {"form": sent.multipart, "files": sent.files} if files else {"json": body} if body is not None else {}
