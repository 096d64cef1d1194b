"""What every adapter does around an interaction."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from bot.core.errors import PacekeeperError, reason
from bot.core.forms import Form, PersonField
from bot.core.message import Option
from bot.core.people import Actor, Place
from bot.core.ports import Bot

log = logging.getLogger(__name__)


class Common(TypedDict):
    """What all events have."""

    actor: Actor
    place: Place
    id: str
    at: datetime


async def options(
    bot: Bot, actor: Actor, place: Place, command: str, parameter: str, typed: str = ""
) -> Sequence[Option]:
    """What a person may pick for a command's parameter; for '' and 'person' the people that a form's field can name.
    Nothing if the bot has no answer: people can still type, and the act itself reports what is wrong."""
    try:
        return await bot.options(actor, place, command, parameter, typed)
    except PacekeeperError as e:
        log.warning("Nothing to choose from for %s: %s", parameter, reason(e))
        return ()


async def people_for(bot: Bot, form: Form, actor: Actor, place: Place) -> Sequence[Option]:
    """The people that a form's person fields offer, with those whom it names; none if it has no such field."""
    fields = [field for field in form.fields if isinstance(field, PersonField)]
    found = list(await options(bot, actor, place, "", "person")) if fields else []
    for named in {field.value for field in fields if field.value} - {option.value for option in found}:
        found += await options(bot, actor, place, "", "person", f"#{named}")
    return found
