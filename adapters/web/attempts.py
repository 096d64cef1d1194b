"""Limits how often a secret can be guessed."""

from collections import Counter, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic

EACH = 20
"""Wrong guesses allowed per address and span; enough for a classroom behind one router."""

REMEMBERED = 10_000
"""Most wrong guesses that are remembered; the oldest are forgotten first."""

SPAN = 600.0
"""Seconds that a wrong guess counts."""


class Attempts:
    """Counts wrong guesses per address. `clock` gives seconds that only go forward.

    There is no limit over all addresses: with one, anybody could shut everybody else out.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._by_address: Counter[str] = Counter()

    def wait(self, address: str) -> int:
        """Seconds until this address may guess again; 0: now."""
        self._forget()
        network = _network(address)
        if network and self._by_address[network] >= EACH:
            return self._left(next(at for at, known in self._wrong if known == network))
        return 0

    def wrong(self, address: str) -> None:
        """Counts a wrong guess."""
        network = _network(address)
        self._wrong.append((self._clock(), network))
        self._by_address[network] += 1

    def _left(self, since: float) -> int:
        return max(1, round(since + SPAN - self._clock()))

    def _forget(self) -> None:
        while self._wrong and (self._wrong[0][0] + SPAN <= self._clock() or len(self._wrong) > REMEMBERED):
            _, network = self._wrong.popleft()
            self._by_address[network] -= 1
            if not self._by_address[network]:
                del self._by_address[network]


def _network(address: str) -> str:
    """The unit that is limited: an IPv4 address or an IPv6 /64 network. Empty for loopback: that is a proxy which does
    not forward its clients' addresses, and one visitor must not lock out all others."""
    try:
        ip = ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip
    if ip.is_loopback:
        return ""
    return f"{ip.exploded[:19]}::" if isinstance(ip, IPv6Address) else str(ip)
