"""Checks requests against Discord's published limits and fields: what the real one would refuse or ignore."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Any

MESSAGE = {"content", "components", "allowed_mentions", "attachments", "flags", "embeds", "poll", "sticker_ids", "tts"}
CREATE = MESSAGE | {"nonce", "enforce_nonce", "message_reference"}
FOLLOW_UP = MESSAGE | {"username", "avatar_url", "thread_name", "applied_tags"}
EDIT = {"content", "components", "allowed_mentions", "attachments", "flags", "embeds", "sticker_ids"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def violations(method: str, path: str, body: Json) -> list[str]:
    """The problems of a request; empty if Discord accepts it."""
    for verb, pattern, look in ROUTES:
        if verb == method and re.fullmatch(pattern, path):
            return list(look(body)) if look else ([] if body is None else [f"{method} {path} takes no body"])
    return [f"{method} {path} is no route that Discord has published"]


def _message(fields: set[str]) -> Callable[[Json], Iterator[str]]:
    def look(body: Json) -> Iterator[str]:
        yield from _known(body, fields, "message")
        content = body.get("content", "")
        if units(content) > 2000:
            yield f"content has {units(content)} characters"
        if not content.strip() and not body.get("components") and not body.get("attachments") and "flags" not in body:
            yield "an empty message"
        yield from _components(body.get("components", []))
        allowed = body.get("allowed_mentions")
        if allowed is None:
            yield "no allowed_mentions: everybody could be called"
        elif set(allowed) - {"parse", "users", "roles", "replied_user"} or allowed.get("parse") != []:
            yield f"allowed_mentions {allowed}"
        elif len(allowed.get("users", [])) > 100 or not all(_snowflake(u) for u in allowed.get("users", [])):
            yield "allowed_mentions.users"
        if "nonce" in body and (not isinstance(body["nonce"], str) or len(body["nonce"]) > 25):
            yield f"nonce {body['nonce']!r}"
        attachments = body.get("attachments", [])
        if len(attachments) > 10:
            yield "more than 10 attachments"
        for one in attachments:
            yield from _known(one, {"id", "filename", "description"}, "attachment")
            if not _snowflake(one.get("id")):
                yield f"attachment id {one.get('id')!r}"

    return look


def _components(rows: Json, modal: bool = False) -> Iterator[str]:
    if len(rows) > 5:
        yield f"{len(rows)} rows"
    seen: set[str] = set()
    for row in rows:
        yield from _known(row, {"type", "components"}, "row")
        inside = row.get("components", [])
        if row.get("type") != 1 or not 1 <= len(inside) <= 5:
            yield f"a row of {len(inside)}"
        for c in inside:
            yield from (_button(c) if c.get("type") == 2 else _select(c))
            if c.get("custom_id") in seen:
                yield f"custom_id {c['custom_id']!r} twice"
            seen.add(c.get("custom_id"))
        if any(c.get("type") == 3 for c in inside) and len(inside) > 1:
            yield "a select shares its row"


def _button(c: Json) -> Iterator[str]:
    yield from _known(c, {"type", "style", "label", "custom_id", "disabled", "emoji"}, "button")
    yield from _text(c.get("label"), 1, 80, "label")
    yield from _text(c.get("custom_id"), 1, 100, "custom_id")
    if c.get("style") not in (1, 2, 3, 4):
        yield f"style {c.get('style')}"


def _select(c: Json) -> Iterator[str]:
    fields = {"type", "custom_id", "options", "placeholder", "min_values", "max_values", "disabled", "required"}
    yield from _known(c, fields, "select")
    if c.get("type") != 3:
        yield f"component {c.get('type')} in a row"
    yield from _text(c.get("custom_id"), 1, 100, "custom_id")
    yield from _text(c.get("placeholder", "-"), 0, 150, "placeholder")
    options = c.get("options", [])
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} options"
    if len({o["value"] for o in options}) != len(options):
        yield "options share a value"
    for o in options:
        yield from _known(o, {"label", "value", "description", "default", "emoji"}, "option")
        yield from _text(o.get("label"), 1, 100, "option label")
        yield from _text(o.get("value"), 1, 100, "option value")


def _modal(data: Json) -> Iterator[str]:
    yield from _known(data, {"custom_id", "title", "components"}, "modal")
    yield from _text(data.get("custom_id"), 1, 100, "modal custom_id")
    yield from _text(data.get("title"), 1, 45, "modal title")
    components = data.get("components", [])
    if not 1 <= len(components) <= 5:
        yield f"a modal of {len(components)}"
    for c in components:
        if c.get("type") == 10:
            yield from _known(c, {"type", "content"}, "text display")
            yield from _text(c.get("content"), 1, 4000, "text display")
            continue
        yield from _known(c, {"type", "label", "description", "component"}, "label")
        if c.get("type") != 18:
            yield f"component {c.get('type')} in a modal"
        yield from _text(c.get("label"), 1, 45, "label")
        yield from _text(c.get("description", "-"), 1, 100, "description")
        yield from _field(c.get("component") or {})


def _field(c: Json) -> Iterator[str]:
    yield from _text(c.get("custom_id"), 1, 100, "custom_id")
    if c.get("type") == 4:
        fields = {"type", "custom_id", "style", "min_length", "max_length", "required", "value", "placeholder"}
        yield from _known(c, fields, "text input")
        if not 1 <= c.get("max_length", 4000) <= 4000 or c.get("style") not in (1, 2):
            yield f"text input {c}"
        if units(c.get("value", "")) > c.get("max_length", 4000):
            yield "a value longer than its field"
        yield from _text(c.get("placeholder", "-"), 0, 100, "placeholder")
    elif c.get("type") == 3:
        yield from _select(c)
    elif c.get("type") in (5, 6):
        fields = {"type", "custom_id", "min_values", "max_values", "required", "default_values"}
        yield from _known(c, fields, "user or role select")
    elif c.get("type") == 8:
        fields = {"type", "custom_id", "min_values", "max_values", "required", "default_values", "channel_types"}
        yield from _known(c, fields, "channel select")
    elif c.get("type") == 21:
        yield from _radio(c)
    elif c.get("type") == 23:
        yield from _known(c, {"type", "custom_id", "default"}, "checkbox")
    elif c.get("type") == 19:
        yield from _known(c, {"type", "custom_id", "min_values", "max_values", "required"}, "file upload")
    else:
        yield f"field of type {c.get('type')}"


def _radio(c: Json) -> Iterator[str]:
    yield from _known(c, {"type", "custom_id", "options", "required"}, "radio group")
    options = c.get("options", [])
    if not 2 <= len(options) <= 10:
        yield f"a radio group of {len(options)}"
    if len({o["value"] for o in options}) != len(options) or sum(o.get("default", False) for o in options) > 1:
        yield "options share a value, or several are chosen"
    for o in options:
        yield from _known(o, {"label", "value", "description", "default"}, "option")
        yield from _text(o.get("label"), 1, 100, "option label")
        yield from _text(o.get("value"), 1, 100, "option value")


def _callback(body: Json) -> Iterator[str]:
    yield from _known(body, {"type", "data"}, "callback")
    data = body.get("data")
    match body.get("type"):
        case 4:
            yield from _message(MESSAGE)(data)
        case 5:
            yield from _known(data, {"flags"}, "deferral")
        case 6:
            if data is not None:
                yield "data in a silent answer"
        case 8:
            yield from _known(data, {"choices"}, "completions")
            if len(data["choices"]) > 25:
                yield "more than 25 completions"
            for choice in data["choices"]:
                yield from _text(choice.get("name"), 1, 100, "choice")
                yield from _text(choice.get("value"), 1, 100, "choice value")
        case 9:
            yield from _modal(data)
        case other:
            yield f"callback of type {other}"


def _commands(body: Json) -> Iterator[str]:
    if not isinstance(body, list) or len({(c["type"], c["name"]) for c in body}) != len(body):
        yield "commands share a name"
        return
    for c in body:
        fields = {"type", "name", "description", "options", "contexts", "integration_types"}
        yield from _known(c, fields if c["type"] == 1 else fields - {"description", "options"}, "command")
        yield from _text(c["name"], 1, 32, "command name")
        if c["type"] == 1:
            yield from _named(c)
            yield from _options(c.get("options", []))


def _options(options: Json) -> Iterator[str]:
    if len(options) > 25:
        yield f"{len(options)} options"
    if [o.get("required", False) for o in options] != sorted((o.get("required", False) for o in options), reverse=True):
        yield "a required option after one that is not"
    for o in options:
        extra = {"required", "choices", "autocomplete", "min_value", "max_value", "min_length", "max_length"}
        fields = {"type", "name", "description", "options"}
        yield from _known(o, fields if o["type"] == 1 else fields - {"options"} | extra, "option")
        yield from _named(o)
        yield from _options(o.get("options", []))
        if o.get("choices") and (len(o["choices"]) > 25 or o.get("autocomplete")):
            yield f"choices of {o['name']}"
        if not 0 < o.get("max_length", 6000) <= 6000:
            yield f"max_length of {o['name']}"


def _named(c: Json) -> Iterator[str]:
    if not re.fullmatch(r"[-_\w]{1,32}", c["name"]) or c["name"] != c["name"].lower():
        yield f"name {c['name']!r}"
    yield from _text(c.get("description"), 1, 100, f"description of {c['name']}")


def _thread(body: Json) -> Iterator[str]:
    fields = {"name", "auto_archive_duration", "type", "invitable", "rate_limit_per_user", "applied_tags", "message"}
    yield from _known(body, fields, "thread")
    yield from _text(body.get("name"), 1, 100, "thread name")
    if body.get("auto_archive_duration") not in (60, 1440, 4320, 10080):
        yield "auto_archive_duration"
    if "message" in body:
        yield from _message(MESSAGE - {"tts", "poll"})(body["message"])
    if len(body.get("applied_tags", [])) > 5:
        yield "more than 5 tags"


def _channel(body: Json) -> Iterator[str]:
    yield from _known(body, {"archived", "applied_tags", "name", "available_tags", "permission_overwrites"}, "channel")
    yield from _rules(body)
    yield from _text(body.get("name", "-"), 1, 100, "name")
    yield from _tags(body)


def _tags(body: Json) -> Iterator[str]:
    for tag in body.get("available_tags", []):
        yield from _known(tag, {"id", "name", "moderated", "emoji_id", "emoji_name"}, "tag")
        yield from _text(tag["name"], 1, 50, "tag")


def _new_channel(body: Json) -> Iterator[str]:
    fields = {"name", "type", "topic", "permission_overwrites", "default_auto_archive_duration"}
    yield from _known(body, fields | ({"available_tags"} if body.get("type") == 15 else set()), "new channel")
    yield from _tags(body)
    yield from _text(body.get("name"), 1, 100, "name")
    yield from _text(body.get("topic", "-"), 0, 1024, "topic")
    yield from _rules(body)


def _rule(body: Json) -> Iterator[str]:
    yield from _known(body, {"id", "type", "allow", "deny"}, "overwrite")
    if body["type"] not in (0, 1) or not all(str(body[name]).isdecimal() for name in ("allow", "deny")):
        yield f"overwrite {body}"


def _rules(body: Json) -> Iterator[str]:
    for o in body.get("permission_overwrites", []):
        yield from _known(o, {"id", "type", "allow", "deny"}, "overwrite")
        if not _snowflake(o["id"]) or not all(isinstance(o.get(k, 0), int) for k in ("type", "allow", "deny")):
            yield f"overwrite {o}"


def _conversation(body: Json) -> Iterator[str]:
    if set(body) != {"recipient_id"} or not _snowflake(body["recipient_id"]):
        yield f"conversation {body}"


def _known(body: Json, fields: set[str], what: str) -> Iterator[str]:
    if not isinstance(body, Mapping):
        yield f"{what} is {body!r}"
    elif unknown := set(body) - fields:
        yield f"{what} has unknown fields {sorted(unknown)}"


def _text(text: Json, least: int, most: int, what: str) -> Iterator[str]:
    if not isinstance(text, str) or not least <= units(text) <= most:
        yield f"{what} {text!r}"


def _snowflake(value: Json) -> bool:
    return isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]*", value) is not None


ID = r"/\d+"
ROUTES: list[tuple[str, str, Callable[[Json], Iterator[str]] | None]] = [
    ("GET", "/users/@me", None),
    ("GET", "/oauth2/applications/@me", None),
    ("GET", "/gateway(/bot)?", None),
    ("GET", "/users/@me/guilds", None),
    ("GET", f"/guilds{ID}", None),
    ("GET", f"/guilds{ID}/channels", None),
    ("POST", f"/guilds{ID}/channels", _new_channel),
    ("GET", f"/guilds{ID}/members{ID}", None),
    ("GET", f"/guilds{ID}/members/search", None),
    ("GET", f"/guilds{ID}/threads/active", None),
    ("GET", f"/channels{ID}", None),
    ("PATCH", f"/channels{ID}", _channel),
    ("PUT", f"/channels{ID}/permissions{ID}", _rule),
    ("DELETE", f"/channels{ID}/permissions{ID}", None),
    ("DELETE", f"/channels{ID}/thread-members{ID}", None),
    ("GET", f"/channels{ID}/messages", None),
    ("POST", f"/channels{ID}/messages", _message(CREATE)),
    ("GET", f"/channels{ID}/messages{ID}", None),
    ("PATCH", f"/channels{ID}/messages{ID}", _message(EDIT)),
    ("DELETE", f"/channels{ID}/messages{ID}", None),
    ("GET", f"/channels{ID}/messages{ID}/reactions/[^/]+", None),
    ("PUT", f"/channels{ID}/messages{ID}/reactions/[^/]+/@me", None),
    ("DELETE", f"/channels{ID}/messages{ID}/reactions/[^/]+/@me", None),
    ("PUT", f"/channels{ID}/messages/pins{ID}", None),
    ("DELETE", f"/channels{ID}/messages/pins{ID}", None),
    ("POST", f"/channels{ID}/messages{ID}/threads", _thread),
    ("POST", f"/channels{ID}/threads", _thread),
    ("PUT", f"/channels{ID}/thread-members{ID}", None),
    ("GET", f"/channels{ID}/threads/archived/public", None),
    ("POST", "/users/@me/channels", _conversation),
    ("PUT", f"/applications{ID}/commands", _commands),
    ("POST", f"/interactions{ID}/[^/]+/callback", _callback),
    ("POST", f"/webhooks{ID}/[^/]+", _message(FOLLOW_UP)),
    ("PATCH", f"/webhooks{ID}/[^/]+/messages/@original", _message(EDIT)),
    ("DELETE", f"/webhooks{ID}/[^/]+/messages/@original", None),
]
