"""Reads a JSON document of any size item by item. What precedes a break is kept, and memory stays bounded.

An event-driven parser builds a path for each level of nesting, so a few hundred thousand opening brackets take
gigabytes. Here the standard library decodes each item, and refuses to nest that deep.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from bot.core.incoming import clean

LARGEST = 4 * 2**20
"""Maximum characters of one item. No message is as long; a longer item is an attack on memory, since it may take fifty
times as many bytes once decoded."""

LONGEST_TEXT = 200_000
"""Maximum characters of a message in an export: the most that a platform takes (40,000), each written as an entity."""

MOST_WRONG = 1000
"""Items of the wrong kind after which reading stops."""

_AT_ONCE = 256 * 1024
_SPACE = re.compile(r"[ \t\n\r]*")
# No number in an export matters, and a hundred thousand digits are refused as an integer.
_decoder = json.JSONDecoder(parse_int=float)


class Broken(Exception):
    """Why the rest could not be read, as the end of a sentence."""


class Document:
    """A JSON array, or an object with one long array. Reading it raises Broken if it is something else, ends too early,
    or is malicious. `most` is its maximum size in bytes."""

    def __init__(self, file: IO[bytes], most: int | None = None) -> None:
        self._file = file
        self._most = most
        self._text = ""
        self._at = 0
        self._ended = False
        self._decode = _decoding("utf-8-sig")
        self.done = 0
        """Bytes read so far."""

    def items(self, streamed: str) -> Iterator[tuple[str, Any]]:
        """Yields (name, value) for each member of an object, but the items of the member `streamed` one by one; or ('',
        item) for an array."""
        match self._next():
            case "[":
                yield from (("", item) for item in self._array())
            case "{":
                yield from self._object(streamed)
            case "":
                raise Broken("it is empty")
            case _:
                raise Broken("it is no JSON")

    def _object(self, streamed: str) -> Iterator[tuple[str, Any]]:
        self._at += 1
        if self._next() == "}":
            return
        while True:
            name = self._value()
            if not isinstance(name, str) or self._next() != ":":
                raise self._no_json()
            self._at += 1
            if name == streamed and self._next() == "[":
                yield from ((name, item) for item in self._array())
            else:
                yield name, self._value()
            if self._ends("}"):
                return

    def _array(self) -> Iterator[Any]:
        self._at += 1
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self._value()
            if self._ends("]"):
                return

    def _ends(self, closing: str) -> bool:
        """Skips a comma or the closing bracket; returns whether it was the bracket."""
        sign = self._next()
        if sign not in (",", closing):
            raise self._no_json()
        self._at += 1
        return sign == closing

    def _next(self) -> str:
        """The next character that is not whitespace; '' at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            assert space is not None
            self._at = space.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read():
                return ""

    def _value(self) -> Any:
        self._next()
        tried = 0
        while True:
            # Decode again only once there is twice as much: a long item then costs little more than several short ones.
            if self._ended or len(self._text) - self._at >= 2 * tried:
                tried = len(self._text) - self._at
                try:
                    value, end = _decoder.raw_decode(self._text, self._at)
                except json.JSONDecodeError as e:
                    if self._ended:
                        raise self._no_json() from e
                except (ValueError, RecursionError) as e:
                    raise self._no_json() from e
                else:
                    if end < len(self._text) or self._ended:
                        self._at = end
                        return value
            if len(self._text) - self._at > LARGEST:
                raise Broken("one item in it is larger than any message can be")
            self._read()

    def _read(self) -> bool:
        """Reads more of the file; False at its end."""
        if self._ended:
            return False
        some = self._file.read(_AT_ONCE)
        if not self.done and some.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._decode = _decoding("utf-16")
        self.done += len(some)
        if self._most is not None and self.done > self._most:
            raise Broken(f"it unpacks to more than {self._most // 2**20:,} MB")
        self._ended = not some
        self._text = self._text[self._at :] + self._decode(some, final=self._ended)
        self._at = 0
        return True

    def _no_json(self) -> Broken:
        return Broken("it ends in the middle" if self._ended else f"it is no JSON near byte {self.done:,}")


def _decoding(name: str) -> Callable[..., str]:
    return codecs.getincrementaldecoder(name)(errors="replace").decode


def plain(text: object) -> str:
    """A text of an export without characters that a database refuses; '' if it is not a text."""
    return clean(text) if isinstance(text, str) else ""


def members(value: object) -> dict[str, Any]:
    """The members of an object of an export; empty if it is not an object."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """The items of an array of an export; empty if it is not an array."""
    return value if isinstance(value, list) else []
