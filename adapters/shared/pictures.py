"""Pictures for platforms that show no SVG."""

from importlib.util import find_spec

SCALE = 2
"""Pixels for each unit, for the fine screens of phones."""


def can_draw() -> bool:
    return find_spec("resvg_py") is not None


def as_png(svg: str) -> bytes | None:
    """The picture as PNG; None if the extra `pictures` is not installed."""
    if not can_draw():
        return None
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, zoom=SCALE))
