"""Who sent a request to a page: one of our own pages, another site, or unknown."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

Sender = Literal["own", "other", "unsaid"]

_PORTS = {"http": 80, "https": 443}


def sender(headers: Mapping[str, str], own: str) -> Sender:
    """Who sent a request with these headers (names in lower case) to the origin `own`, such as 'https://a.example'.

    Pages cannot set `Sec-Fetch-Site`, so it counts first; browsers omit it over plain HTTP, and old ones do not know
    it. `Origin: null` says nothing: browsers also send it for our own forms if a referrer policy hides the origin.
    """
    site = headers.get("sec-fetch-site", "none")
    if site != "none":
        return "own" if site == "same-origin" else "other"
    origin = headers.get("origin", "null")
    if origin == "null":
        return "unsaid"
    theirs = _parts(origin)
    return "own" if theirs is not None and theirs == _parts(own) else "other"


def _parts(origin: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port; None if it is not an address."""
    try:
        parts = urlsplit(origin)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
