"""Converts values of the core to JSON and back, for storage between a decision and its delivery."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import PydanticSerializationError

from bot.core.effects import Direct, Effect, Show
from bot.core.events import Event
from bot.core.forms import Form
from bot.core.incoming import cleaned
from bot.core.message import Message, Text
from bot.core.ports import Answer
from bot.core.private import Asked

T = TypeVar("T")

_message: TypeAdapter[Message] = TypeAdapter(Message)
_text: TypeAdapter[Text] = TypeAdapter(Text)
_asked: TypeAdapter[Asked] = TypeAdapter(Asked)
_form: TypeAdapter[Form] = TypeAdapter(Form)
_answer: TypeAdapter[Answer] = TypeAdapter(Answer)
_event: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_effect: TypeAdapter[Effect] = TypeAdapter(Annotated[Effect, Field(discriminator="kind")])


def _codec(adapter: TypeAdapter[T]) -> tuple[Callable[[T], str], Callable[[str], T]]:
    """The functions that write a value as JSON, and read it."""

    def dump(value: T) -> str:
        try:
            return adapter.dump_json(value).decode()
        except PydanticSerializationError:
            # An unpaired surrogate cannot be encoded. Texts are cleaned before, but one bad text must not stop a batch.
            return adapter.dump_json(cleaned(value)).decode()

    return dump, adapter.validate_json


dump_message, load_message = _codec(_message)
dump_text, load_text = _codec(_text)
dump_asked, load_asked = _codec(_asked)
dump_form, load_form = _codec(_form)
dump_answer, load_answer = _codec(_answer)
dump_event, load_event = _codec(_event)
dump_effect, load_effect = _codec(_effect)


def message_to_dict(value: Message) -> dict[str, Any]:
    """A message as plain JSON data, for an interface that embeds it in a larger document."""
    return dict(_message.dump_python(value, mode="json"))


def form_to_dict(value: Form) -> dict[str, Any]:
    """A form as plain JSON data, without the internal `seen` and `kept`."""
    return {k: v for k, v in _form.dump_python(value, mode="json").items() if k not in ("seen", "kept")}


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
