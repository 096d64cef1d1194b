"""What people read about their calendar feed."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.actions import Action
from bot.core.contributions import Extra
from bot.core.message import Block, Button, Buttons, Code, Instant, Message, message, note, paragraph
from bot.core.translation import _, phrase

_FEED, _NEW, _OFF = (Action("mine", name).encode() for name in ("calendar", "calendar_new", "calendar_off"))


def on_welcome() -> Extra:
    return Extra((_("Your dates can be in your own calendar, and follow when one moves."),), _button())


def on_settings() -> Sequence[Block]:
    return [Buttons((_button(),))]


def _button() -> Button:
    return Button(_("In my calendar"), _FEED)


def made(address: str) -> Message:
    said = _("Subscribe to this address in your calendar ('from URL'). It has your dates, in your own zone:")
    return message(
        paragraph(said),
        paragraph(Code(address)),
        note(
            _(
                "Whoever has the address can read your dates: keep it to yourself. It is shown this once; "
                "'In my calendar' in your settings makes a new one, or takes it back."
            )
        ),
    )


def there(since: datetime) -> Message:
    at = Instant(since, "date")
    said = phrase("Your calendar feed is there since {at}. Its address was shown then, and is not kept.", at=at)
    return message(
        paragraph(*said),
        note(_("With a new address, the earlier one leads nowhere: subscribe again.")),
        Buttons((Button(_("New address"), _NEW), Button(_("Switch it off"), _OFF, "danger"))),
    )


def off() -> Message:
    return message(paragraph(_("It is off: its address leads nowhere any more.")), Buttons((_button(),)))
