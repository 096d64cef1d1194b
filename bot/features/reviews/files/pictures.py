"""JPEG and PNG: what draws the picture is kept, with its colours and which side is up. A JPEG is not decoded, and
a PNG a little at a time, so a picture costs no more memory than its bytes."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from bot.features.reviews.files.colours import MOST_BYTES as MOST_PROFILE
from bot.features.reviews.files.colours import cleaned_profile
from bot.features.reviews.files.refusing import Uncleanable

MOST_PIXELS = 120_000_000
"""Pixels of a picture. More take the memory of whoever looks at it."""

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"


def cleaned_picture(data: bytes) -> bytes:
    """The picture alone. Raises Uncleanable."""
    if data.startswith(JPEG):
        return cleaned_jpeg(data)
    if data.startswith(PNG):
        return cleaned_png(data)
    raise Uncleanable("picture")


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Uncleanable("large")


# EXIF: which side is up

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112


def orientation(exif: bytes) -> int:
    """1 to 8, as EXIF counts; 1 if it is not said."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 8:
        return 1
    (at,) = struct.unpack_from(f"{order}I", exif, 4)
    if at + 2 > len(exif):
        return 1
    (count,) = struct.unpack_from(f"{order}H", exif, at)
    for n in range(min(count, 200)):
        entry = at + 2 + 12 * n
        if entry + 12 > len(exif):
            return 1
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, entry)
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else 1
    return 1


def _turned(side: int) -> bytes:
    """EXIF that says nothing else."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, side, 0, 0)


# JPEG

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset([*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)])
_WITHIN = frozenset([0x00, 0xFF, *range(0xD0, 0xD8)])
_TABLES = frozenset([0xC4, 0xCC, 0xDB, 0xDC, 0xDD])
_APP0, _APP1, _APP2, _APP14, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_PLAIN = b"JFIF\0\1\1\0\0\1\0\1\0\0"
"""The first segment of a picture that says nothing. Some programs look for one."""

_PROFILE = b"ICC_PROFILE\0"


def cleaned_jpeg(data: bytes) -> bytes:
    """Also without previews and further pictures behind it. Raises Uncleanable."""
    first: list[bytes] = []
    rest: list[bytes] = []
    profile: dict[int, bytes] = {}
    side, has_frame, has_scan, is_adobe = 1, False, False, False
    for marker, content, scan in _segments(data):
        if marker == _APP0 and content.startswith(b"JFIF\0") and len(content) >= 14:
            first.append(_segment(_APP0, content[:12] + b"\0\0"))
        elif marker == _APP1 and content.startswith(_EXIF):
            side = orientation(content[len(_EXIF) :])
        elif marker == _APP2 and content.startswith(_PROFILE) and len(content) > 14:
            profile[content[12]] = content[14:]
        elif marker == _APP14 and content.startswith(b"Adobe") and len(content) == 12:
            is_adobe = True
            rest.append(_segment(marker, content))
        elif marker in range(_APP0, _APP0 + 16) or marker == _COMMENT:
            continue
        elif marker in _FRAMES:
            if len(content) < 5:
                raise Uncleanable("broken")
            height, width = struct.unpack_from(">HH", content, 1)
            _check_size(width, height)
            has_frame = True
            rest.append(_segment(marker, content))
        elif marker == _SCAN or marker in _TABLES:
            has_scan = has_scan or marker == _SCAN
            rest.append(_segment(marker, content) + scan)
        else:
            raise Uncleanable("unknown")
    if not (has_frame and has_scan):
        raise Uncleanable("broken")
    if not first and not is_adobe:
        first.append(_segment(_APP0, _PLAIN))
    if side != 1:
        first.append(_segment(_APP1, _EXIF + _turned(side)))
    if made := cleaned_profile(b"".join(profile[n] for n in sorted(profile))):
        most = 65_000
        parts = [made[at : at + most] for at in range(0, len(made), most)]
        first += [_segment(_APP2, _PROFILE + bytes([n, len(parts)]) + part) for n, part in enumerate(parts, 1)]
    return b"\xff\xd8" + b"".join(first) + b"".join(rest) + b"\xff\xd9"


def _segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(marker, content, the scan behind it) up to the end of the picture."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if len(data) < at + 2 or data[at] != 0xFF:
            raise Uncleanable("broken")
        marker = data[at + 1]
        if marker == _END:
            return
        if len(data) < at + 4:
            raise Uncleanable("broken")
        (size,) = struct.unpack_from(">H", data, at + 2)
        content, end = data[at + 4 : at + 2 + size], at + 2 + size
        if size < 2 or end > len(data):
            raise Uncleanable("broken")
        scan = b""
        if marker == _SCAN:
            following = _marker(data, end)
            scan, end = data[end:following], following
        yield marker, content, scan
        at = end


def _marker(data: bytes, at: int) -> int:
    """Where a scan ends: marks of restarts and a byte 255 of its own, which a zero follows, belong to it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Uncleanable("broken")
        if data[at + 1] not in _WITHIN:
            return at
        at += 1


# PNG

_DRAWN = {
    b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"sBIT": 4, b"bKGD": 6, b"pHYs": 9,
    b"cICP": 4, b"acTL": 8,
}  # fmt: skip
"""What says how a picture is drawn, with the bytes that each may take: whatever follows these is drawn by nobody."""

_FRAME = 26
"""Bytes of what says where a frame of a moving picture is and how long it stands."""

_PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
"""Where each pass of an interlaced picture begins, and how far its points are apart: across and down."""


def cleaned_png(data: bytes) -> bytes:
    """Raises Uncleanable."""
    out, at, kind = [PNG], len(PNG), b""
    header, drawn, place = b"", b"", 0
    frames = _Frames(out)
    while kind != b"IEND":
        if len(data) < at + 12:
            raise Uncleanable("broken")
        size, kind = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + size]
        check = data[at + 8 + size : at + 12 + size]
        if len(content) != size or check != struct.pack(">I", zlib.crc32(kind + content)):
            raise Uncleanable("broken")
        if (kind == b"IHDR") != (at == len(PNG)) or (kind == b"IHDR" and size != 13):
            raise Uncleanable("broken")
        if kind == b"IHDR":
            _check_size(*struct.unpack_from(">II", content))
            header = content
        if kind == b"IDAT":
            place = place or len(out)
            drawn += content
        elif kind == b"fcTL":
            frames.begin(content, header)
        elif kind == b"fdAT":
            frames.drawn += content[4:]
        elif kind == b"IEND":
            frames.end()
            out.append(_chunk(kind, b""))
        elif kind in _DRAWN:
            out.append(_chunk(kind, content[: _DRAWN[kind]]))
        elif kind == b"iCCP":
            out += _profile_chunk(content)
        elif kind == b"eXIf":
            side = orientation(content)
            out += [_chunk(kind, _turned(side))] if side != 1 else []
        elif kind[:1].isupper():
            raise Uncleanable("unknown")
        at += 12 + size
    if not place:
        raise Uncleanable("broken")
    out.insert(place, _chunk(b"IDAT", repacked(drawn, _room(header))))
    return b"".join(out)


@dataclass
class _Frames:
    """The frames of a moving picture, which go into `out` one after the other."""

    out: list[bytes]
    drawn: bytes = b""
    room: int = 0
    number: int = 0

    def begin(self, content: bytes, header: bytes) -> None:
        self.end()
        if len(content) < _FRAME:
            raise Uncleanable("broken")
        _check_size(*struct.unpack_from(">II", content, 4))
        self.room = _room(content[4:12] + header[8:])
        self._write(b"fcTL", content[4:_FRAME])

    def end(self) -> None:
        """The first frame may be the picture itself, and has nothing of its own."""
        if self.drawn:
            self._write(b"fdAT", repacked(self.drawn, self.room))
            self.drawn = b""

    def _write(self, kind: bytes, content: bytes) -> None:
        self.out.append(_chunk(kind, struct.pack(">I", self.number) + content))
        self.number += 1


def repacked(packed: bytes, most: int) -> bytes:
    """The first bytes of packed ones, packed anew, a few at a time."""
    unpacking, packing, out = zlib.decompressobj(), zlib.compressobj(), list[bytes]()
    try:
        while most > 0 and (some := unpacking.decompress(packed, min(most, 1 << 20))):
            out.append(packing.compress(some))
            packed, most = unpacking.unconsumed_tail, most - len(some)
    except zlib.error as e:
        raise Uncleanable("broken") from e
    return b"".join([*out, packing.flush()])


def _room(header: bytes) -> int:
    """How many bytes a picture with this IHDR has: what stands behind them is drawn by nobody."""
    width, height, depth, colours, _packing, _filters, passes = struct.unpack(">IIBBBBB", header)
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colours, 4)
    steps = _PASSES if passes else [(0, 0, 1, 1)]
    sizes: list[tuple[int, int]] = [(-(-(width - x) // dx), -(-(height - y) // dy)) for x, y, dx, dy in steps]
    return sum(rows * (1 + -(-columns * bits // 8)) for columns, rows in sizes if columns > 0 and rows > 0)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _profile_chunk(content: bytes) -> list[bytes]:
    packed = content.partition(b"\0")[2][1:]
    try:
        profile = zlib.decompressobj().decompress(packed, MOST_PROFILE + 1)
    except zlib.error:
        return []
    made = cleaned_profile(profile)
    return [_chunk(b"iCCP", b"Colours\0\0" + zlib.compress(made))] if made else []
