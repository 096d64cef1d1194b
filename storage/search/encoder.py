"""The encoder of the running bot: the model in its own process, which ends after a while without use.

The loaded model takes hundreds of megabytes. An idle bot should not hold them, and a process that ends returns all.
"""

import asyncio
import base64
import json
import logging
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Timer
from time import monotonic

from bot.features.faq.scoring import plain
from storage.search.model import Model, is_installed

PATIENCE = 0.5
"""Seconds that a search waits for a vector. A cold model takes longer: then only words count."""

IDLE = 600.0
"""Idle seconds after which the process ends."""

AFTER_FAILURE = 60.0
"""Seconds until a process that ended by itself is started again."""

REMEMBERED = 500
"""Number of texts whose vectors are cached, from looking something up to asking it."""

log = logging.getLogger(__name__)


class NoVectors(Exception):
    """The model cannot be used at present."""


class Remembered:
    """Caches vectors of texts that were looked up recently."""

    def __init__(self) -> None:
        self._vectors: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def known(self, text: str) -> bytes | None:
        text = plain(text)
        with self._lock:
            if text in self._vectors:
                self._vectors.move_to_end(text)
            return self._vectors.get(text)

    def remember(self, text: str, vector: bytes) -> None:
        with self._lock:
            self._vectors[text] = vector
            while len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._vectors.clear()


class InProcess(Remembered):
    """The `Encoder` of a short-lived program: the model is loaded into the program itself."""

    def __init__(self) -> None:
        super().__init__()
        self._model = Model() if is_installed() else None

    async def prepare(self, text: str) -> None:
        text = plain(text)
        if self._model is not None and text and self.known(text) is None:
            self.remember(text, self._model.encode([text])[0])

    async def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Vectors of texts as they are. Raises NoVectors."""
        if self._model is None:
            raise NoVectors
        return self._model.encode(texts)


class SentenceEncoder(Remembered):
    """The `Encoder` of the bot. It encodes one text at a time, with one process and one thread that talks to it."""

    def __init__(self, idle: float = IDLE, patience: float = PATIENCE) -> None:
        super().__init__()
        self._idle = idle
        self._patience = patience
        self.is_installed = is_installed()
        self._process: subprocess.Popen[str] | None = None
        self._failed_at: float | None = None
        self._timer: Timer | None = None
        self._talking = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="encoder")

    @property
    def is_loaded(self) -> bool:
        return self._process is not None

    async def prepare(self, text: str) -> None:
        text = plain(text)
        if not self.is_installed or not text or self.known(text) is not None:
            return
        made = asyncio.wrap_future(self._thread.submit(self._make, text))
        # A late vector is still cached, and a failure need not be reported.
        made.add_done_callback(lambda future: future.cancelled() or future.exception())
        await asyncio.wait([made], timeout=self._patience)

    async def encode(self, texts: Sequence[str]) -> list[bytes]:
        """Vectors of texts as they are. Raises NoVectors."""
        return await asyncio.wrap_future(self._thread.submit(self._encode, texts))

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._end()

    def _make(self, text: str) -> None:
        self.remember(text, self._encode([text])[0])

    def _encode(self, texts: Sequence[str]) -> list[bytes]:
        with self._talking:
            if self._timer is not None:
                self._timer.cancel()
            process = self._process or self._start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps(list(texts)) + "\n")
                process.stdin.flush()
                vectors = [base64.b64decode(vector) for vector in json.loads(process.stdout.readline())]
            except (OSError, ValueError) as e:
                self._stop()
                self._failed_at = monotonic()
                log.warning("The sentence model ended by itself; searches go by words for a minute")
                raise NoVectors from e
            self._timer = Timer(self._idle, self._end)
            self._timer.daemon = True
            self._timer.start()
            return vectors

    def _start(self) -> subprocess.Popen[str]:
        if not self.is_installed or (self._failed_at is not None and monotonic() < self._failed_at + AFTER_FAILURE):
            raise NoVectors
        command = [sys.executable, "-m", "storage.search.model"]
        # A session of its own: Ctrl+C goes to the bot, which ends the process.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Its traceback could contain the text that it failed on.
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        return self._process

    def _end(self) -> None:
        with self._talking:
            if self._timer is not None:
                self._timer.cancel()
            self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
