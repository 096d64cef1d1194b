"""Uploads and downloads files: https://docs.slack.dev/messaging/working-with-files"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from adapters.slack.api import Api, Json
from adapters.slack.errors import Refusal
from adapters.slack.hosts import trusted
from adapters.slack.render import File
from adapters.slack.state import State, digest
from bot.core.errors import Unavailable, Unclear, reason

log = logging.getLogger(__name__)

LARGEST = 32_000_000
"""Largest download in bytes. The form checks its own, smaller limit."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
HOPS = 4
"""Most addresses requested for one file."""


@dataclass(frozen=True, slots=True)
class Files:
    """Uploads and downloads of one workspace."""

    api: Api
    session: aiohttp.ClientSession
    state: State
    team: str

    async def attach(self, files: Sequence[File], channel: str, thread: str | None, message: str) -> None:
        """Updates the files beside a message: existing ones stay, obsolete ones are deleted. A file that Slack refuses
        is skipped, since the message itself names it."""
        there = self.state.files(self.team, channel, message)
        wanted = {(f.name, digest(f.data)): f for f in files}
        for key, file in wanted.items():
            if key in there:
                continue
            try:
                sent = await self.upload(file, channel, thread)
            except Refusal as e:
                log.warning("A file of message %s could not be sent: %s", message, reason(e))
                continue
            self.state.add_file(self.team, channel, message, *key, sent)
        for key, sent in there.items():
            if key not in wanted:
                await self._drop(sent)

    async def detach(self, channel: str, message: str) -> None:
        """Deletes the files of a message that was deleted."""
        for sent in self.state.files(self.team, channel, message).values():
            await self._drop(sent)

    async def upload(self, file: File, channel: str, thread: str | None = None) -> str:
        """Shares a file in a conversation and returns its Slack id. Raises Refusal, Unavailable and Unclear."""
        data = file.data or b"\n"  # Slack refuses empty files
        alt = file.alt or None
        ticket = await self.api.call(
            "files.getUploadURLExternal", patient=True, filename=file.name, length=len(data), alt_txt=alt
        )
        address, kind = str(ticket["upload_url"]), {"Content-Type": "application/octet-stream"}
        if not trusted(address, self.api.client.base_url):
            raise Unavailable("Slack named an address for an upload that is not its own.")
        try:
            async with self.session.post(address, data=data, headers=kind, allow_redirects=False) as response:
                if response.status != 200:
                    raise Unclear(f"Slack answered an upload with status {response.status}.")
        except (aiohttp.ClientError, TimeoutError) as e:
            raise Unclear(f"The line was cut during an upload: {reason(e)}.") from e
        await self.api.call(
            "files.completeUploadExternal",
            patient=True,
            files=[{"id": ticket["file_id"], "title": file.name}],
            channel_id=channel,
            thread_ts=thread,
        )
        return str(ticket["file_id"])

    async def download(self, file: Json) -> bytes:
        """Downloads a file sent with a form. Raises Unavailable on failure."""
        try:
            if not (file.get("url_private_download") or file.get("url_private")):
                file = (await self.api.call("files.info", patient=True, file=file.get("id")))["file"]
            return await self._fetch(str(file.get("url_private_download") or file["url_private"]))
        except (aiohttp.ClientError, TimeoutError, KeyError, Refusal) as e:
            raise Unavailable(f"A file could not be fetched: {reason(e)}.") from e

    async def _fetch(self, address: str) -> bytes:
        """Follows redirects itself and checks that each address is Slack's, because the request carries our token.
        Files stored elsewhere (Google Drive) are not fetched."""
        token = {"Authorization": f"Bearer {self.api.client.token}"}
        for _ in range(HOPS):
            if not trusted(address, self.api.client.base_url):
                raise Unavailable("A file is not kept by Slack, so it was not fetched.")
            async with self.session.get(address, headers=token, allow_redirects=False) as response:
                if response.status in REDIRECTS and "Location" in response.headers:
                    address = urljoin(address, response.headers["Location"])
                    continue
                if response.status != 200:
                    raise Unavailable(f"Slack did not hand out a file: status {response.status}.")
                data = bytearray()
                async for piece in response.content.iter_chunked(1 << 16):
                    data += piece
                    if len(data) > LARGEST:
                        break
                return bytes(data)
        raise Unavailable("Slack did not hand out a file: too many redirects.")

    async def _drop(self, file: str) -> None:
        try:
            await self.api.call("files.delete", patient=True, file=file)
        except Refusal as e:
            log.info("%s", reason(e))  # gone already
        self.state.drop_file(self.team, file)
