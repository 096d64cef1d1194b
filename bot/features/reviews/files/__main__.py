"""Cleans one file: from the standard input to the standard output, each a line of JSON and then the file's bytes.

It has a process of its own since it reads what anybody may send: it may take only so much memory and time, writes no
file, and if it ends, the bot goes on.
"""

import json
import resource
import sys
from contextlib import suppress

from bot.features.reviews.files.kinds import clean
from bot.features.reviews.files.refusing import Uncleanable

MOST_MEMORY = 1 * 2**30
"""Bytes of address space."""

MOST_SECONDS = 4
"""Seconds of computing."""


def _bound() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        # A dump of its memory would hold the file.
        (resource.RLIMIT_CORE, 0),
    ):
        # Where a system knows no such limit, the bot's patience still ends.
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def main() -> None:
    """Reads a line of JSON and the file from standard input. Writes a line of JSON and the copy to standard output."""
    _bound()
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        data = sys.stdin.buffer.read()
        found = clean(asked["ending"], data, asked["forget"], asked["others"])
        content = found.content
        answer = {"why": "", "visible": found.visible, "named": found.named, "contact": found.contact}
    except Uncleanable as e:
        content, answer = b"", {"why": e.why}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
