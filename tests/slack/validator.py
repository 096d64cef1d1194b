"""Checks requests against Slack's documentation: https://docs.slack.dev/reference. Written independently of the
adapter, so that they share no mistakes. The SDK's models also check the blocks."""

import json
import re
from collections.abc import Container, Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = dict[str, Any]

# method -> (how, required, optional). 'json' also accepts forms; 'form' accepts no JSON; 'get' has its arguments in the
# query string.
METHODS: dict[str, tuple[str, str, str]] = {
    "apps.connections.open": ("form", "", ""),
    "auth.test": ("form", "", ""),
    "chat.delete": ("json", "channel ts", "as_user"),
    "chat.postEphemeral": ("json", "channel user", "text blocks attachments thread_ts parse link_names username"),
    "chat.postMessage": (
        "json",
        "channel",
        "text blocks attachments thread_ts reply_broadcast metadata mrkdwn parse link_names unfurl_links unfurl_media",
    ),
    "chat.update": ("json", "channel ts", "text blocks attachments metadata parse link_names reply_broadcast file_ids"),
    "conversations.archive": ("json", "channel", ""),
    "conversations.create": ("json", "name", "is_private team_id"),
    "conversations.history": ("get", "channel", "cursor include_all_metadata inclusive latest limit oldest"),
    "conversations.info": ("get", "channel", "include_locale include_num_members"),
    "conversations.invite": ("json", "channel users", "force"),
    "conversations.join": ("json", "channel", ""),
    "conversations.kick": ("json", "channel user", ""),
    "conversations.list": ("get", "", "cursor exclude_archived limit team_id types"),
    "conversations.members": ("get", "channel", "cursor limit"),
    "conversations.open": ("json", "", "channel prevent_creation return_im users"),
    "conversations.replies": ("get", "channel ts", "cursor include_all_metadata inclusive latest limit oldest"),
    "conversations.setTopic": ("json", "channel topic", ""),
    "files.completeUploadExternal": ("json", "files", "blocks channel_id channels initial_comment thread_ts"),
    "files.delete": ("json", "file", ""),
    "files.getUploadURLExternal": ("form", "filename length", "alt_txt snippet_type"),
    "files.info": ("get", "file", "count cursor limit page"),
    "pins.add": ("json", "channel", "timestamp"),
    "pins.remove": ("json", "channel", "timestamp"),
    "reactions.add": ("json", "channel name timestamp", ""),
    "reactions.remove": ("json", "name", "channel file file_comment timestamp"),
    "usergroups.list": ("get", "", "include_count include_disabled include_users team_id"),
    "users.conversations": ("get", "", "cursor exclude_archived limit team_id types user"),
    "bots.info": ("get", "", "bot team_id"),
    "users.info": ("get", "user", "include_locale"),
    "users.list": ("get", "", "cursor include_locale limit team_id"),
    "views.open": ("json", "view", "trigger_id interactivity_pointer"),
    "views.publish": ("json", "user_id view", "hash"),
    "views.update": ("json", "view", "external_id hash view_id"),
}
TS = re.compile(r"\d{10}\.\d{6}")
MESSAGE_BLOCKS = {"actions", "context", "divider", "file", "header", "image", "rich_text", "section", "video", "input"}


def request_faults(method: str, content_type: str, http: str, arguments: Json) -> Iterator[str]:
    """Problems of a Web API call."""
    if method not in METHODS:
        yield f"{method} is not documented (or not known here)"
        return
    how, required, optional = METHODS[method]
    if how == "get" and http != "GET":
        yield f"{method} wants its arguments in the address of a GET"
    if how == "form" and "json" in content_type:
        yield f"{method} takes no JSON"
    for name in required.split():
        if arguments.get(name) in (None, "", []):
            yield f"{method} lacks {name}"
    for name in arguments.keys() - set(required.split()) - set(optional.split()) - {"token"}:
        yield f"{method} has no argument {name}"
    for name in ("ts", "thread_ts", "timestamp", "oldest", "latest"):
        if name in arguments and not TS.fullmatch(str(arguments[name])):
            yield f"{method}: {name} is no timestamp with six decimals: {arguments[name]!r}"
    if method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        if not str(arguments.get("text") or "").strip():
            yield f"{method} has no text for notifications and screen readers"
        if len(str(arguments.get("text"))) > 4000:
            yield f"{method}: the text has more than 4,000 characters"
        yield from block_faults(arguments.get("blocks") or [], 50)
    if method.startswith("views."):
        yield from view_faults(arguments["view"])
    if method == "reactions.add" and ":" in str(arguments.get("name")):
        yield "a reaction's name has no colons"
    metadata = arguments.get("metadata")
    if metadata is not None and set(metadata) != {"event_type", "event_payload"}:
        yield f"metadata is {sorted(metadata)}"


def response_faults(payload: Json) -> Iterator[str]:
    """Problems of a payload for a response_url."""
    known = {"text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts", "metadata"}
    for name in payload.keys() - known:
        yield f"a response_url takes no {name}"
    if not str(payload.get("text") or "").strip():
        yield "a response has no text"
    yield from block_faults(payload.get("blocks") or [], 50)


def ack_faults(payload: Json) -> Iterator[str]:
    """Problems of the acknowledgement of a submitted view."""
    match payload.get("response_action"):
        case None:
            if payload.get("options") is not None and len(payload["options"]) > 100:
                yield "more than 100 options"
        case "errors":
            if not payload.get("errors") or set(payload) != {"response_action", "errors"}:
                yield f"errors without errors: {payload}"
        case "update" | "push":
            yield from view_faults(payload["view"])
        case "clear":
            pass
        case other:
            yield f"response_action {other!r}"


def view_faults(view: Json) -> Iterator[str]:
    kind = view.get("type")
    known = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    if kind == "modal":
        known |= {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}
        for part in ("title", "submit", "close"):
            if part in view:
                yield from text_faults(view[part], 24, f"the view's {part}", plain=True)
        if "title" not in view:
            yield "a modal has no title"
        inputs = any(b.get("type") == "input" for b in view.get("blocks", ()))
        if inputs and "submit" not in view:
            yield "a modal with inputs has no submit"
    elif kind != "home":
        yield f"a view of type {kind!r}"
    for name in view.keys() - known:
        yield f"a {kind} has no {name}"
    if len(view.get("private_metadata") or "") > 3000:
        yield "private_metadata is longer than 3,000"
    if len(json.dumps(view)) > 250_000:
        yield "the view is larger than 250 kB"
    if len(view.get("callback_id") or "") > 255:
        yield "callback_id is longer than 255"
    if not view.get("blocks"):
        yield "a view without blocks"
    yield from block_faults(view.get("blocks") or [], 100)


def block_faults(blocks: list[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks; {most} are allowed"
    ids = [b["block_id"] for b in blocks if "block_id" in b]
    if len(ids) != len(set(ids)):
        yield f"block ids that are not unique: {ids}"
    if any(len(i) > 255 or not i for i in ids):
        yield "a block_id is empty or longer than 255"
    if sum(len(t) for t in _texts(blocks)) > 13_000 and most == 50:
        yield "more than 13,000 characters in one message"
    for block in blocks:
        yield from _block(block)
        try:
            parsed = Block.parse(block)
            if parsed is None:
                yield f"the SDK does not know {block.get('type')}"
            else:
                parsed.to_dict()
        except SlackObjectFormationError as e:
            yield f"the SDK refuses {block}: {e}"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("text", "url") and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def _block(block: Json) -> Iterator[str]:
    match block.get("type"):
        case "header":
            yield from text_faults(block["text"], 150, "a header", plain=True)
        case "section":
            if "text" not in block and not block.get("fields"):
                yield "a section with neither text nor fields"
            if "text" in block:
                yield from text_faults(block["text"], 3000, "a section")
            if len(block.get("fields") or ()) > 10:
                yield "more than 10 fields"
            for field in block.get("fields") or ():
                yield from text_faults(field, 2000, "a field")
            if "accessory" in block:
                yield from _element(block["accessory"])
        case "context":
            if not 1 <= len(block["elements"]) <= 10:
                yield f"a context of {len(block['elements'])} elements"
            for element in block["elements"]:
                yield from text_faults(element, 3000, "a context")
        case "actions":
            if not 1 <= len(block["elements"]) <= 25:
                yield f"a row of {len(block['elements'])} elements"
            actions = [e["action_id"] for e in block["elements"]]
            if len(actions) != len(set(actions)):
                yield f"action ids that are not unique in a row: {actions}"
            for element in block["elements"]:
                yield from _element(element)
        case "rich_text":
            yield from _rich_text(block)
        case "input":
            yield from text_faults(block["label"], 2000, "a label", plain=True)
            if "hint" in block:
                yield from text_faults(block["hint"], 2000, "a hint", plain=True)
            yield from _element(block["element"])
        case other if other not in MESSAGE_BLOCKS:
            yield f"a block of type {other!r}"


RICH = {
    "rich_text_section": {"elements"},
    "rich_text_quote": {"elements", "border"},
    "rich_text_preformatted": {"elements", "border", "language"},
    "rich_text_list": {"elements", "style", "indent", "offset", "border"},
}
SPANS = {
    "text": {"text"},
    "link": {"url"},
    "user": {"user_id"},
    "channel": {"channel_id"},
    "date": {"timestamp", "format"},
}
MAY = {"text": {"style"}, "link": {"text", "style", "unsafe"}, "date": {"fallback", "url"}}


def _rich_text(block: Json) -> Iterator[str]:
    """A block of rich text: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block"""
    if block.keys() - {"type", "elements", "block_id"} or not block.get("elements"):
        yield f"a rich text block with {sorted(block)} and {len(block.get('elements') or ())} elements"
    for shape in block.get("elements") or ():
        kind = shape.get("type")
        if kind not in RICH or shape.keys() - RICH[kind] - {"type"}:
            yield f"rich text of type {kind!r} with {sorted(shape)}"
            continue
        if not shape.get("elements"):
            yield f"an empty {kind}"
        if shape.get("border", 0) not in (0, 1) or shape.get("indent", 0) not in range(9):
            yield f"border or indent of a {kind}"
        if kind == "rich_text_list":
            if shape.get("style") not in ("bullet", "ordered"):
                yield f"a list of style {shape.get('style')!r}"
            for item in shape["elements"]:
                if item.get("type") != "rich_text_section" or item.keys() - {"type", "elements"}:
                    yield f"{item.get('type')!r} in a list"
                yield from _spans(item, SPANS)
        else:
            yield from _spans(shape, ("text", "link") if kind == "rich_text_preformatted" else SPANS)


def _spans(shape: Json, known: Container[str]) -> Iterator[str]:
    if not shape.get("elements"):
        yield f"a {shape['type']} of nothing"
    for span in shape["elements"]:
        kind = span.get("type")
        needs, may = SPANS.get(kind, set()), MAY.get(kind, set())
        if kind not in known or needs - span.keys() or span.keys() - needs - may - {"type"}:
            yield f"{kind!r} with {sorted(span)} in a {shape['type']}"
            continue
        if span.get("text") == "" or not all(span[name] for name in needs):
            yield f"an empty {kind}"
        if set(span.get("style") or ()) - {"bold", "italic", "strike", "code"}:
            yield f"the style {span['style']}"
        if kind == "link" and not re.fullmatch(r"(https?://|mailto:)\S{1,2000}", span["url"]):
            yield f"a link to {span['url']!r}"


def _element(element: Json) -> Iterator[str]:
    kind = element.get("type", "")
    action = element.get("action_id", "")
    if not 0 < len(action) <= 255:
        yield f"an action_id of {len(action)} characters"
    if "placeholder" in element:
        yield from text_faults(element["placeholder"], 150, "a placeholder", plain=True)
    match kind:
        case "button":
            yield from text_faults(element["text"], 75, "a button", plain=True)
            if len(element.get("value") or "") > 2000:
                yield "a button's value is longer than 2,000"
            if element.get("style") not in (None, "primary", "danger"):
                yield f"a button's style is {element['style']!r}"
        case "conversations_select":
            include = element.get("filter", {}).get("include", ["public"])
            if not include or set(include) - {"im", "mpim", "private", "public"}:
                yield f"a filter of {include}"
            if element.get("initial_conversation", "C") == "":
                yield "an empty conversation is chosen"
        case "static_select":
            groups = element.get("option_groups") or [{"options": element.get("options") or []}]
            if ("options" in element) == ("option_groups" in element):
                yield "a list wants options or groups of them, and not both"
            options = [o for g in groups for o in g["options"]]
            if not 1 <= len(groups) <= 100 or any(not 1 <= len(g["options"]) <= 100 for g in groups):
                yield f"{len(options)} options in {len(groups)} groups"
            yield from _options(options)
            if "initial_option" in element and element["initial_option"] not in options:
                yield "the initial option is none of the options"
        case "checkboxes" | "radio_buttons":
            if not 1 <= len(element["options"]) <= 10:
                yield f"{len(element['options'])} boxes"
            yield from _options(element["options"])
        case "external_select" | "datepicker":
            date = element.get("initial_date")
            if date is not None and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
                yield f"the date {date!r}"
        case "plain_text_input":
            if not 1 <= element.get("max_length", 1) <= 3000:
                yield f"max_length is {element['max_length']}"
            if len(element.get("initial_value") or "") > element.get("max_length", 3000):
                yield "the initial value is longer than allowed"
            if element.get("initial_value") == "":
                yield "an empty initial value"
        case "file_input":
            if not 1 <= element.get("max_files", 10) <= 10:
                yield "max_files"
        case _:
            yield f"an element of type {kind!r}"


def _options(options: list[Json]) -> Iterator[str]:
    for option in options:
        yield from text_faults(option["text"], 75, "an option")
        if not 0 < len(option["value"]) <= 150:
            yield f"an option's value of {len(option['value'])} characters"


def text_faults(text: Json, most: int, what: str, plain: bool = False) -> Iterator[str]:
    if text.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"{what} is of type {text.get('type')!r}"
    if not 1 <= len(text.get("text", "")) <= most:
        yield f"{what} has {len(text.get('text', ''))} characters; 1 to {most} are allowed"
    if text.keys() - {"type", "text", "emoji", "verbatim"}:
        yield f"{what} has {sorted(text)}"
