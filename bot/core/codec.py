"""Converts values of the core to JSON and back, for storage between a decision and its delivery."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from bot.core.effects import Direct, Effect, Show
from bot.core.events import Event
from bot.core.forms import Form
from bot.core.message import Message, Text
from bot.core.ports import Answer
from bot.core.private import Asked

_message: TypeAdapter[Message] = TypeAdapter(Message)
_text: TypeAdapter[Text] = TypeAdapter(Text)
_asked: TypeAdapter[Asked] = TypeAdapter(Asked)
_form: TypeAdapter[Form] = TypeAdapter(Form)
_answer: TypeAdapter[Answer] = TypeAdapter(Answer)
_event: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_effect: TypeAdapter[Effect] = TypeAdapter(Annotated[Effect, Field(discriminator="kind")])


def dump_message(value: Message) -> str:
    return _message.dump_json(value).decode()


def load_message(text: str) -> Message:
    return _message.validate_json(text)


def message_to_dict(value: Message) -> dict[str, Any]:
    """A message as plain JSON data, for an interface that embeds it in a larger document."""
    return dict(_message.dump_python(value, mode="json"))


def dump_text(value: Text) -> str:
    return _text.dump_json(value).decode()


def load_text(text: str) -> Text:
    return _text.validate_json(text)


def dump_asked(value: Asked) -> str:
    return _asked.dump_json(value).decode()


def load_asked(text: str) -> Asked:
    return _asked.validate_json(text)


def dump_answer(value: Answer) -> str:
    return _answer.dump_json(value).decode()


def load_answer(text: str) -> Answer:
    return _answer.validate_json(text)


def dump_event(value: Event) -> str:
    return _event.dump_json(value).decode()


def load_event(text: str) -> Event:
    return _event.validate_json(text)


def dump_effect(value: Effect) -> str:
    return _effect.dump_json(value).decode()


def dump_effects(effects: Sequence[Effect]) -> list[str]:
    """Encodes many effects at once; a message that goes to thousands of people is encoded once."""
    written: dict[int, str] = {}
    found: list[str] = []
    for effect in effects:
        if not (isinstance(effect, Show) and isinstance(effect.target, Direct)):
            found.append(dump_effect(effect))
            continue
        said = written.get(id(effect.message))
        if said is None:
            said = written[id(effect.message)] = dump_message(effect.message)
        anchor, workspace = json.dumps(effect.anchor), json.dumps(effect.target.workspace)
        target = f'{{"person":{effect.target.person},"workspace":{workspace},"kind":"direct"}}'
        found.append(f'{{"anchor":{anchor},"target":{target},"message":{said},"kind":"show"}}')
    return found


def load_effect(text: str) -> Effect:
    return _effect.validate_json(text)


def dump_form(value: Form) -> str:
    return _form.dump_json(value).decode()


def load_form(text: str) -> Form:
    return _form.validate_json(text)


def form_to_dict(value: Form) -> dict[str, Any]:
    """A form as plain JSON data, without the internal `seen`."""
    return {k: v for k, v in _form.dump_python(value, mode="json").items() if k != "seen"}
