"""Completes a submitted form: looks up people, fetches files, and answers if more is needed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.discord.modals import Sent, Step, Typed
from adapters.discord.places import Places
from adapters.discord.rest import Rest
from adapters.shared.interactions import options
from bot.core.errors import DeliveryError, reason
from bot.core.forms import Form, TextField, Upload
from bot.core.message import Button, Message, Quote, buttons, heading, message, note, paragraph, quote, with_code
from bot.core.people import Actor, Place
from bot.core.ports import Bot
from bot.core.translation import _

log = logging.getLogger(__name__)

FORM = "form:"
"""Prefix of the action of a button that opens a step of a draft."""

SEND = "send:"
"""Prefix of the action of a button that sends a draft whose other steps are filled in already."""

TEXT_FILE = 1_000_000
"""Largest text file in bytes."""


@dataclass
class Filled:
    """The completed fields. `problems` are about people outside of the cohort, and unusable channels and files.
    `forums`: see `FormSubmitted`."""

    values: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    forums: dict[str, str] = field(default_factory=dict)


async def gather(typed: Typed, bot: Bot, rest: Rest, places: Places, actor: Actor, place: Place) -> Filled:
    """Finds the people whose accounts were picked, checks the channels, and fetches files from Discord."""
    filled = Filled(dict(typed.values))
    for field_name, (user, shown) in typed.accounts.items():
        found = await options(bot, actor, place, "", "person", user)
        if found:
            filled.values[field_name] = found[0].value
        else:
            filled.problems[field_name] = _("{name} is not in the cohort.", name=shown)
    for field_name, channel in typed.channels.items():
        if problem := places.keeps_from_writing(place.workspace, channel):
            filled.problems[field_name] = problem
        elif places.is_forum(channel):
            filled.forums[channel] = places.lacks_for_tags(channel)
    await fetch(typed.files, filled, rest)
    return filled


async def fetch(files: Mapping[str, Sent], filled: Filled, rest: Rest) -> None:
    """Fetches files from Discord."""
    for name, sent in files.items():
        await _fetch(name, sent, filled, rest)


async def _fetch(name: str, sent: Sent, filled: Filled, rest: Rest) -> None:
    most = sent.most if sent.most is not None else TEXT_FILE
    if sent.size > most:
        filled.problems[name] = _("{name} is too large: at most {most:,} kB.", name=sent.name, most=most // 1000)
        return
    try:
        # The address is itself a secret, so no token is sent.
        data = await rest.read(lambda http: http.get_from_cdn(sent.url))
    except DeliveryError as e:
        log.warning("A file could not be fetched: %s", reason(e))
        filled.problems[name] = _("{name} could not be fetched from Discord. Please try again.", name=sent.name)
        return
    if sent.most is not None:
        filled.files[name] = Upload(sent.name, data)
        return
    try:
        filled.values[name] = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        filled.problems[name] = _("{name} is no text file. Please save it as UTF-8 text.", name=sent.name)


# Messages


def refused(problems: Mapping[str, str], form: Form | None, draft: str, step: int = 0) -> Message:
    """The problems of a form by field, with a button that reopens it with everything filled in."""
    labels = {f.name: f.label for f in form.fields} if form else {}
    lines = [f"{labels[name]}: {words}" if name in labels else words for name, words in problems.items()]
    again = Button(_("Open the form again"), f"{FORM}{draft}:{step}", "primary")
    # A problem of the form as a whole may have no remedy, so the words are here to be copied.
    typed = (
        [quote(f.value) for f in form.fields if isinstance(f, TextField) and f.value] if form and "" in problems else []
    )
    return message(
        heading(_("Not sent yet")),
        *(paragraph(*with_code(line)) for line in lines),
        note(_("This is what you typed:")) if typed else None,
        *typed,
        buttons(again if draft else None),
    )


def kept_so_far(step: Step, form: Form | None) -> Message:
    """What follows a step: the next one. Where nothing is asked for in the others, the form can be sent as it is."""
    on = Button(_("Go on"), f"{FORM}{step.draft}:{step.number + 1}", "primary")
    is_whole = form is not None and not any(f.required and not f.value for f in form.fields)
    return message(
        paragraph(_("Part {part} of {of} is kept, not sent yet.", part=step.number + 1, of=step.of)),
        note(_("What the other parts need is filled in already.")) if is_whole else None,
        buttons(on, Button(_("Send it as it is"), f"{SEND}{step.draft}") if is_whole else None),
    )


def to_be_opened(form: Form, step: int) -> Message:
    """A button that opens the form: Discord opens no modal in response to a modal or after a deferred response."""
    on = Button(_("Open the form"), f"{FORM}{form.draft}:{step}", "primary")
    return message(
        heading(form.title), paragraph(form.intro) if form.intro else None, buttons(on if form.draft else None)
    )


def too_old(values: Mapping[str, str]) -> Message:
    return message(paragraph(_("This form is too old. Please begin once more; you typed:")), *quotes(values))


def quotes(values: Mapping[str, str]) -> list[Quote]:
    return [quote(value) for value in values.values() if value]
