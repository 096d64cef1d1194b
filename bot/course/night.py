"""Posts that open while no messages may come."""

from datetime import datetime

from bot.core.time import local
from bot.course.model import Messages


def night(hours: Messages, title: str, opens: datetime, zone: str) -> tuple[str, str] | None:
    """(what is the matter, what to do) if the post of something that opens then has to wait by a clock in `zone`."""
    posted = hours.posting(opens, zone)
    if posted == opens:
        return None
    message = (
        f"“{title}” opens {local(opens, zone):%a %H:%M} by the cohort's clock ({zone}), outside the hours of messages "
        f"({hours.start:%H:%M}-{hours.end:%H:%M}), so its post waits until {local(posted, zone):%a %H:%M}."
    )
    return message, f"Write a time between {hours.start:%H:%M} and {hours.end:%H:%M}."
