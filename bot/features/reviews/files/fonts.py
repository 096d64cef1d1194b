"""What stands in a font besides its letters: who made it, and under which terms.

A font may be of somebody's own making. Its words are looked at and left as they are: without them some programs do not
show it.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise

_SFNT = (b"\x00\x01\x00\x00", b"OTTO", b"true")


def words_of(data: bytes) -> Iterator[str]:
    """The texts in a TrueType, OpenType, CFF or Type 1 font, and in what is text itself, such as an encoding."""
    if data[:4] in _SFNT:
        yield from _of_tables(data)
    elif data[:1] == b"\x01" and len(data) > 3:
        yield from _of_cff(data)
    else:
        # What follows in a Type 1 font is encrypted.
        yield data.partition(b"eexec")[0].decode("latin-1")


def _of_tables(data: bytes) -> Iterator[str]:
    (number,) = struct.unpack_from(">H", data, 4)
    for n in range(number):
        tag, _sum, begin, size = struct.unpack_from(">4sLLL", data, 12 + 16 * n)
        table = data[begin : begin + size]
        if tag == b"CFF ":
            yield from _of_cff(table)
        elif tag == b"name":
            (_format, names, words) = struct.unpack_from(">HHH", table)
            for name in range(names):
                platform, *_ids, long, at = struct.unpack_from(">6H", table, 6 + 12 * name)
                text = table[words + at : words + at + long]
                yield text.decode("latin-1" if platform == 1 else "utf-16-be", "replace")
        elif tag in (b"meta", b"DSIG", b"SVG "):
            yield table.decode("latin-1")


def _of_cff(data: bytes) -> Iterator[str]:
    """Its names and its texts: the first and the third of its lists."""
    names, at = _list(data, data[2])
    _settings, at = _list(data, at)
    texts, _at = _list(data, at)
    yield from (one.decode("latin-1") for one in (*names, *texts))


def _list(data: bytes, at: int) -> tuple[list[bytes], int]:
    """An INDEX of CFF, and where it ends."""
    (number,) = struct.unpack_from(">H", data, at)
    if not number:
        return [], at + 2
    wide, at = data[at + 2], at + 3
    ends = [int.from_bytes(data[at + wide * n : at + wide * (n + 1)], "big") for n in range(number + 1)]
    base = at + wide * (number + 1) - 1
    return [data[base + a : base + b] for a, b in pairwise(ends)], base + ends[-1]
