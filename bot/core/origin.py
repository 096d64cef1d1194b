"""Who sent a request to a page: one of our own pages, another site's, or nobody can tell."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

Sender = Literal["own", "other", "unsaid"]

_PORTS = {"http": 80, "https": 443}


def sender(headers: Mapping[str, str], own: str) -> Sender:
    """Who sent a request with these headers (names in lower case) to the origin `own`, such as 'https://a.example'.

    A page cannot set `Sec-Fetch-Site`, so that counts first; browsers leave it out over plain HTTP, and old ones do
    not know it. `Origin: null` says nothing: a browser sends it for our own form where a referrer policy hides us.
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
    """Scheme, host and port; None where it is no address."""
    try:
        parts = urlsplit(origin)
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
