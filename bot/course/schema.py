"""The JSON Schema of the course file, for editors that complete and check while the author types."""

import json

from bot.course.grammar import Key, ListOf, MapOf, Value
from bot.course.keys import COURSE_FILE, PROMPT
from bot.course.value_types.scalar import Schema


def schema() -> Schema:
    """The schema as a mapping (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pacekeeper course file",
        **_mapping(COURSE_FILE),
    }


def schema_text() -> str:
    """The schema as docs/course.schema.json holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _value(value: Value) -> Schema:
    if isinstance(value, MapOf):
        return {"anyOf": [value.short.schema(), _mapping(value)]} if value.short else _mapping(value)
    if isinstance(value, ListOf):
        items: Schema = {"type": "array", "items": _value(value.item), "maxItems": value.most}
        if not value.least:
            return {**items, "type": ["array", "null"]}
        items["minItems"] = value.least
        return {"anyOf": [items, _value(value.item)]} if value.lone else items
    return value.schema()


def _mapping(declared: MapOf) -> Schema:
    required = [k.name for k in declared.keys if k.required]
    found: Schema = {
        "type": "object" if required else ["object", "null"],
        "description": declared.doc,
        "properties": {k.name: _property(k) for k in declared.keys},
        "additionalProperties": False,
    }
    if required:
        found["required"] = required
    if declared is PROMPT:
        found["oneOf"] = [{"required": ["week"]}, {"required": ["weekly"]}]
    return found


def _property(key: Key) -> Schema:
    default = f" Without it: {key.default}." if key.default else ""
    return {"description": key.doc + default, **_value(key.value)}
