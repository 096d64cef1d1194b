"""The course file to start from: small, complete, and with a comment at each decision."""

from importlib.resources import files

from bot.course.source import quoted
from bot.course.value_types.texts import slug


def starter(title: str = "My course", schema: str = "course.schema.json") -> str:
    """A course file of two weeks that loads without a problem. `schema` is the path to the JSON Schema."""
    text = files("bot.course").joinpath("starter.yaml").read_text(encoding="utf-8")
    values = {"$schema=course.schema.json": f"$schema={schema}"}
    values |= {"id: my-course": f"id: {slug(title)}", "title: My course": f"title: {quoted(title)}"}
    for old, new in values.items():
        text = text.replace(old, new, 1)
    return text
