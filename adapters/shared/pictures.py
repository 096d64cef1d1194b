"""Pictures for platforms that show no SVG."""

import logging
from functools import lru_cache
from importlib.util import find_spec

log = logging.getLogger(__name__)

SCALE = 2
"""Pixels for each unit, for the fine screens of phones."""


def can_draw() -> bool:
    return find_spec("resvg_py") is not None


@lru_cache(maxsize=16)
def as_png(svg: str) -> bytes | None:
    """The picture as PNG, the same for the same drawing; None if it cannot be drawn, or the extra `pictures` is not
    installed."""
    if not can_draw():
        return None
    from resvg_py import svg_to_bytes

    try:
        return bytes(svg_to_bytes(svg_string=svg, zoom=SCALE))
    except ValueError as e:
        log.warning("A picture could not be drawn: %s", type(e).__name__)
        return None
