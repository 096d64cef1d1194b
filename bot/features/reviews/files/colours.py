"""Colour profiles: the figures that colours need are kept, and who made the profile for which device goes."""

import struct

_HEADER = 128
MOST_TAGS = 100
MOST_BYTES = 4_000_000

FIGURES = frozenset([b"XYZ ", b"curv", b"para", b"sf32", b"mft1", b"mft2", b"mAB ", b"mBA "])
"""The types of tags that hold figures alone."""

_NAME = "Colours"


def cleaned_profile(profile: bytes) -> bytes | None:
    """The profile with its figures alone; None if it cannot be read or has none."""
    if not _HEADER + 4 <= len(profile) <= MOST_BYTES or profile[36:40] != b"acsp":
        return None
    (count,) = struct.unpack_from(">I", profile, _HEADER)
    if count > MOST_TAGS or len(profile) < _HEADER + 4 + 12 * count:
        return None
    tags: dict[bytes, bytes] = {}
    for n in range(count):
        tag, at, size = struct.unpack_from(">4sII", profile, _HEADER + 4 + 12 * n)
        data = profile[at : at + size]
        if len(data) != size or size < 8:
            return None
        if data[:4] in FIGURES:
            tags[tag] = data
    if not tags:
        return None
    is_newer = profile[8] >= 4
    named = _localised() if is_newer else _described()
    tags |= {b"desc": named, b"cprt": _localised() if is_newer else b"text\0\0\0\0" + _NAME.encode() + b"\0"}
    return _built(profile[:_HEADER], tags)


def _built(header: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body, places = b"", b"", dict[bytes, int]()
    start = _HEADER + 4 + 12 * len(tags)
    for tag, data in tags.items():
        if data not in places:
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", tag, places[data], len(data))
    head = bytearray(header)
    head[0:4] = struct.pack(">I", start + len(body))
    head[4:8] = bytes(4)
    head[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    # Platform, maker, model, creator and fingerprint.
    for begin, end in ((40, 44), (48, 56), (80, _HEADER)):
        head[begin:end] = bytes(end - begin)
    return bytes(head) + struct.pack(">I", len(tags)) + table + body


def _localised() -> bytes:
    text = _NAME.encode("utf-16-be")
    return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(text), 28) + text


def _described() -> bytes:
    text = _NAME.encode() + b"\0"
    return b"desc" + struct.pack(">II", 0, len(text)) + text + struct.pack(">IIHB", 0, 0, 0, 0) + bytes(67)
