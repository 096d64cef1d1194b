"""What people do and see in local-slack, through its control API and its page's WebSocket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.slack.emoji import name_of
from tests.platforms.people import OpenForm, Seen
from tests.slack.local_slack import BOT, CHANNELS, PEOPLE
from tests.slack.proxy import Proxy
from tests.waiting import eventually

Json = dict[str, Any]

EVERYBODY = ("<!channel", "<!here", "<!everyone", "<!subteam")

MEDIA: dict[str, Json] = {
    "voice": {"subtype": "file_share", "files": [{"name": "audio.m4a", "subtype": "slack_audio"}]},
    "image": {"subtype": "file_share", "files": [{"name": "screen.png", "mimetype": "image/png"}]},
    "file": {"subtype": "file_share", "files": [{"name": "report.pdf", "mimetype": "application/pdf"}]},
    "forward": {
        "attachments": [
            {
                "is_share": True,
                "is_msg_unfurl": True,
                "fallback": "[January 5th, 2026 9:00 AM] ben: Somebody else's words.",
                "from_url": "https://demo.slack.com/archives/C1/p1",
                "text": "Somebody else's words.",
            }
        ]
    },
}
"""The message object of each medium."""


@dataclass
class Humans:
    """The `People` of tests/platforms/people.py, in local-slack."""

    address: str
    proxy: Proxy
    session: aiohttp.ClientSession
    modals: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    page: aiohttp.ClientWebSocketResponse | None = None

    async def say(self, who: str, where: str, text: str, below: str | None = None) -> str:
        said = {"channel": await self._channel(who, where), "user": PEOPLE[who], "text": _typed(text)}
        answer = await self.control("message", {**said, "thread_ts": below} if below else said)
        return str(answer["message"]["ts"])

    async def send(self, who: str, where: str, medium: str, text: str = "") -> str:
        self.proxy.beside = {"text": text, **MEDIA[medium]}
        return await self.say(who, where, "instead of this")

    async def edit(self, who: str, where: str, message: str, text: str) -> None:
        await self.control("edit-message", await self._at(who, where, message) | {"text": _typed(text)})

    async def delete(self, who: str, where: str, message: str) -> None:
        await self.control("delete-message", await self._at(who, where, message))

    async def react(self, who: str, where: str, message: str, emoji: str, on: bool = True) -> None:
        await self.control("reaction", await self._at(who, where, message) | {"name": name_of(emoji), "present": on})

    async def command(self, who: str, where: str, text: str) -> None:
        channel = await self._channel(who, where)
        await self.control("command", {"channel": channel, "user": PEOPLE[who], "command": "/cohort", "text": text})

    async def press(self, who: str, where: str, label: str, value: str = "", *, below: str | None = None) -> None:
        async def shown() -> tuple[Json, Json] | None:
            for message in reversed(await self.messages(who, where)):
                for element in _controls(message.get("blocks") or []):
                    if element["label"] == label and (below is None or message.get("thread_ts") == below):
                        return message, element
            return None

        message, element = await eventually(shown)
        await self.interact(who, await self._channel(who, where), message["ts"], _action(element, value))

    async def choose(self, who: str, where: str, label: str, option: str) -> None:
        await self.press(who, where, label, option)

    async def interact(self, who: str, channel: str, message: str, action: Json) -> None:
        await self.control(
            "interact", {"channel": channel, "messageTs": message, "user": PEOPLE[who], "action": action}
        )

    async def shortcut(self, who: str, where: str, message: str, name: str) -> None:
        """Chooses an entry of a message's menu: local-slack has none, so the proxy converts a press."""

        def chosen(payload: Json) -> Json:
            kept = {k: v for k, v in payload.items() if k not in ("actions", "container", "state")}
            return {**kept, "type": "message_action", "callback_id": name, "message_ts": message, "action_ts": "1.1"}

        self.proxy.rewrite = chosen
        await self.interact(who, await self._channel(who, where), message, {"type": "button", "action_id": "x"})

    async def press_in_view(self, who: str, label: str) -> None:
        """Presses a button in the open modal or on the home page."""
        view = self.modals[-1] if self.modals else self.homes[PEOPLE[who]]
        element = next(e for e in _controls(view["blocks"]) if e["label"] == label)

        def pressed(payload: Json) -> Json:
            kept = {k: v for k, v in payload.items() if k not in ("message", "channel", "response_url")}
            return {**kept, "view": view, "container": {"type": "view", "view_id": view["id"]}}

        self.proxy.rewrite = pressed
        await self.interact(who, CHANNELS["general"], "1.1", _action(element, ""))

    async def suggest(self, who: str, field: str, typed: str) -> Json:
        """Types into a search field; returns the options."""
        view, before = self.modals[-1], len(self.proxy.answers)

        def asked(payload: Json) -> Json:
            kept = {k: payload[k] for k in ("team", "user", "api_app_id", "token")}
            named = {"action_id": field, "block_id": field, "value": typed}
            return {**kept, **named, "type": "block_suggestion", "view": view, "container": {"type": "view"}}

        self.proxy.rewrite = asked
        await self.interact(who, CHANNELS["general"], "1.1", {"type": "button", "action_id": "x"})

        async def answered() -> Json | None:
            return self.proxy.answers[-1] if len(self.proxy.answers) > before else None

        return await eventually(answered)

    async def open_home(self, who: str) -> None:
        await self.control("open-home", {"user": PEOPLE[who]})

    async def form(self, who: str) -> OpenForm | None:
        if not self.modals:
            return None
        view = self.modals[-1]
        return OpenForm(view["title"]["text"], {b["block_id"]: _initial(b["element"]) for b in _inputs(view)})

    async def submit(self, who: str, values: Mapping[str, Any]) -> None:
        """A value is a text, or for a file Slack's file object."""
        assert self.page is not None
        state: Json = {}
        for block in _inputs(self.modals[-1]):
            name, element = block["block_id"], block["element"]
            value = values.get(name, self._typed_before(name, element))
            state[name] = {element["action_id"]: _entered(element, value)}
        self._typed = {name: next(iter(v.values())) for name, v in state.items()}
        self.errors = {}
        await self.page.send_json({"t": "view_submit", "user": PEOPLE[who], "values": state})

    async def problems(self, who: str) -> str:
        shown = [line for m in self.modals for b in m["blocks"] if b["type"] != "input" for line in block_text(b)]
        return " ".join([*self.errors.values(), *shown])

    async def reopen(self, who: str) -> OpenForm:
        form = await self.form(who)
        assert form is not None
        # Slack keeps the typed values in the fields.
        typed = {name: _read(entered) for name, entered in getattr(self, "_typed", {}).items()}
        return OpenForm(form.title, {**form.values, **typed})

    async def sees(self, who: str, where: str, below: str | None = None) -> list[Seen]:
        found = []
        for message in await self.messages(who, where):
            thread = message.get("thread_ts")
            under = thread if thread != message["ts"] else None
            if under == below:
                found.append(_seen(message))
        return found

    async def messages(self, who: str, where: str) -> list[Json]:
        """All messages of a place that a person sees, as Slack stores them."""
        if where == "dm" and await self._direct(who) is None:
            return []
        channel = await self._channel(who, where)
        async with self.session.get(f"{self.address}/_control/messages/{channel}") as response:
            messages = (await response.json())["messages"]
        return [m for m in messages if m.get("ephemeral_to") in (None, PEOPLE[who])]

    async def upload(self, who: str, name: str, data: bytes) -> Json:
        """Uploads a file without sharing it; returns the file object of a submitted form."""
        form = aiohttp.FormData()
        form.add_field("channel", (await self._channel(who, "dm")))
        form.add_field("user", PEOPLE[who])
        form.add_field("file", data, filename=name)
        async with self.session.post(f"{self.address}/_control/upload", data=form) as response:
            return dict((await response.json())["message"]["files"][0])

    async def control(self, what: str, body: Json) -> Json:
        async with self.session.post(f"{self.address}/_control/{what}", json=body) as response:
            return dict(await response.json())

    async def _at(self, who: str, where: str, message: str) -> Json:
        return {"channel": await self._channel(who, where), "ts": message, "user": PEOPLE[who]}

    async def _direct(self, who: str) -> str | None:
        async with self.session.get(f"{self.address}/_control/state") as response:
            channels = (await response.json())["channels"]
        return next((c["id"] for c in channels if c["is_im"] and set(c["members"]) == {BOT, PEOPLE[who]}), None)

    async def _channel(self, who: str, where: str) -> str:
        if where != "dm":
            return CHANNELS.get(where, where)
        found = await self._direct(who)
        if found is None:
            async with self.session.post(f"{self.address}/api/conversations.open", json={"users": PEOPLE[who]}) as r:
                found = (await r.json())["channel"]["id"]
        return str(found)

    def _typed_before(self, name: str, element: Json) -> str:
        before = getattr(self, "_typed", {}).get(name)
        return _read(before) if before else _initial(element)

    async def _watch(self, page: aiohttp.ClientWebSocketResponse) -> None:
        async for message in page:
            told = json.loads(message.data)
            match told["t"]:
                case "init":
                    self.modals = told["state"]["modalStack"]
                case "view":
                    if [m["id"] for m in told["stack"]] != [m["id"] for m in self.modals] or not told["stack"]:
                        self._typed = {}
                    self.modals = told["stack"]
                case "view_errors":
                    self.errors = told["errors"]
                case "home":
                    self.homes[told["user"]] = told["view"]


@asynccontextmanager
async def humans(address: str, proxy: Proxy) -> AsyncIterator[Humans]:
    async with aiohttp.ClientSession() as session:
        people = Humans(address, proxy, session)
        async with session.ws_connect(f"{address.replace('http', 'ws')}/ui", max_msg_size=0) as page:
            people.page = page
            watching = asyncio.create_task(people._watch(page))
            yield people
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


def text_of(message: Json) -> str:
    """What a person reads: the blocks, or the text if there are none."""
    parts = [line for block in message.get("blocks") or [] for line in block_text(block)]
    return "\n".join(parts) if parts else shown(str(message.get("text", "")))


def block_text(block: Json) -> Iterator[str]:
    """The lines of a block as they are shown and copied."""
    if block["type"] == "rich_text":
        for shape in block["elements"]:
            if shape["type"] == "rich_text_list":
                first = shape.get("offset", 0) + 1
                for n, item in enumerate(shape["elements"], first):
                    yield ("• " if shape["style"] == "bullet" else f"{n}. ") + rich_words(item)
            else:
                yield rich_words(shape)
        return
    texts = [block.get("text"), *(block.get("fields") or ()), *(block.get("elements") or ())]
    for text in texts:
        if isinstance(text, dict) and isinstance(text.get("text"), str):
            yield shown(text["text"]) if text["type"] == "mrkdwn" else text["text"]


def rich_words(shape: Json) -> str:
    """The literal text of a section, a quote or preformatted text."""
    said = {"user": lambda e: f"@{e['user_id']}", "channel": lambda e: f"#{e['channel_id']}"}
    words = {"date": lambda e: str(e.get("fallback") or ""), "link": lambda e: str(e.get("text") or e["url"]), **said}
    return "".join(words.get(e["type"], lambda e: str(e["text"]))(e) for e in shape["elements"])


def shown(text: str) -> str:
    """Markup as Slack shows it, as far as tests look at it."""
    text = re.sub(r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<@(\w+)>", lambda m: f"@{m[1]}", text)
    text = re.sub(r"<([^|>!]+)\|([^>]*)>", r"\2", text)
    text = re.sub(r"(?<!\w)([*_`])(\S(?:[^*_`]*\S)?)\1(?!\w)", r"\2", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def calls_of(node: Any) -> list[str]:
    """The people that a message notifies: `<@U1>` in markup, user elements in rich text."""
    if isinstance(node, list):
        return [call for part in node for call in calls_of(part)]
    if not isinstance(node, dict):
        return []
    match node.get("type"):
        case "user":
            return [str(node["user_id"])]
        case "usergroup" | "broadcast":
            return ["everyone"]
        case "text" | "plain_text":
            return []
        case "mrkdwn":
            return markup_calls(str(node["text"]))
        case _:
            return [call for part in node.values() for call in calls_of(part)]


def markup_calls(text: str) -> list[str]:
    return [*re.findall(r"<@(\w+)", text), *("everyone" for word in EVERYBODY if word in text)]


def _seen(message: Json) -> Seen:
    users = {id: name for name, id in PEOPLE.items()}
    called = [*calls_of(message.get("blocks") or []), *markup_calls(str(message.get("text") or ""))]
    calls = [users.get(u, u) for u in dict.fromkeys(called)]
    return Seen(
        message["ts"],
        text_of(message),
        tuple(e["label"] for e in _controls(message.get("blocks") or [])),
        bool(message.get("bot_id")),
        message.get("subtype") == "ephemeral",
        tuple(calls),
    )


def _controls(blocks: list[Json]) -> list[Json]:
    found = []
    for block in blocks:
        if block["type"] == "actions":
            found += [{**e, "label": e["text"]["text"], "block": block} for e in block["elements"]]
        elif "accessory" in block:
            found.append({**block["accessory"], "label": block["text"]["text"], "block": block})
    return found


def _action(element: Json, value: str) -> Json:
    action = {"type": element["type"], "action_id": element["action_id"]}
    action["block_id"] = element["block"].get("block_id", "b")
    if element["type"] == "button":
        return {**action, "value": element.get("value", "")}
    options = element.get("options") or [o for g in element["option_groups"] for o in g["options"]]
    chosen = next(o for o in options if value in (o["value"], o["text"]["text"]))
    return {**action, "selected_option": chosen}


def _inputs(view: Json) -> list[Json]:
    return [b for b in view["blocks"] if b["type"] == "input"]


def _initial(element: Json) -> str:
    if element["type"] == "checkboxes":
        return str(element["initial_options"][0]["value"]) if element.get("initial_options") else ""
    option = element.get("initial_option") or {}
    chosen = element.get("initial_date") or element.get("initial_conversation") or option.get("value")
    return str(element.get("initial_value") or chosen or "")


def _entered(element: Json, value: Any) -> Json:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": value or None}
        case "datepicker":
            return {"type": kind, "selected_date": value or None}
        case "checkboxes":
            return {"type": kind, "selected_options": [o for o in element["options"] if o["value"] == value]}
        case "conversations_select":
            return {"type": kind, "selected_conversation": value or None}
        case "file_input":
            return {"type": kind, "files": [value] if value else []}
        case _:
            options = element.get("options") or [{"value": value, "text": {"type": "plain_text", "text": value}}]
            return {"type": kind, "selected_option": next((o for o in options if o["value"] == value), None)}


def _read(entered: Json) -> str:
    boxes = entered.get("selected_options") or [{}]
    option = entered.get("selected_option") or boxes[0]
    chosen = entered.get("selected_date") or entered.get("selected_conversation")
    return str(entered.get("value") or chosen or option.get("value") or "")


def _typed(text: str) -> str:
    """Escapes typed text as Slack's clients do."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
