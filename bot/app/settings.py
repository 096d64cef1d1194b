"""Settings: environment, `.env`, or the file that PACEKEEPER_CONFIG names. Prefix PACEKEEPER_."""

import io
import logging
import os
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from ipaddress import ip_interface
from pathlib import Path
from random import Random, SystemRandom
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.slack.sources import wrong_tokens
from bot.core.time import SystemClock, WoundClock, parse_instant

SLACK_API = "https://slack.com/api/"
PREFIX = "PACEKEEPER_"
# `misspelt` names each line that cannot be read, once.
logging.getLogger("dotenv.main").setLevel(logging.ERROR)
NO_SECRET = SecretStr("")
_left_out: ContextVar[frozenset[tuple[int | str, ...]]] = ContextVar("left_out", default=frozenset())
# What Kubernetes puts into a container's environment about each service of its namespace, such as one called
# 'pacekeeper' or 'pacekeeper-postgres'.
_SERVICE_LINK = re.compile(
    r".+_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)", re.I | re.S
)
_LINKED = re.compile(r"(tcp|udp|sctp)://", re.I)


def _is_base(url: str) -> str:
    if url and not url.startswith(("http://", "https://", "ws://", "wss://")):
        raise ValueError("write an address that begins with http:// or https:// (a gateway's with ws:// or wss://)")
    return url


def _is_api(url: str) -> str:
    if not _is_base(url).endswith("/api/"):
        raise ValueError("write an address that ends in /api/")
    return url


_DATABASE = re.compile(r"([a-z][a-z0-9]*)(?:\+\w+)?://", re.I)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_.-]{0,251}[a-z0-9])?", re.I)


def _is_database(url: str) -> str:
    how = "write sqlite:///FILE or postgresql://USER@HOST/NAME."
    kind = _DATABASE.match(url)
    if url and kind is None:
        raise ValueError(f"is no address of a database; {how}")
    if kind is not None and kind[1].lower() not in ("sqlite", "postgresql"):
        raise ValueError(f"names {kind[1]!r}; {how}")
    return url


def _is_host(host: str) -> str:
    if host and not _HOST.fullmatch(host):
        raise ValueError("write an IPv4 address or a name of this machine, such as 127.0.0.1, or 0.0.0.0 for all.")
    return host


def _are_proxies(listed: str) -> str:
    """Addresses, networks or `*`. The web server takes anything else for a name that no client has."""
    for each in filter(None, (part.strip() for part in listed.split(","))):
        try:
            given = ip_interface(each)
        except ValueError:
            if each != "*":
                raise ValueError(
                    f"{each} is no address and no network. Write such as 10.0.0.4 or 10.0.0.0/24, with commas between."
                ) from None
            continue
        if "/" in each and given.ip != given.network.network_address:
            raise ValueError(f"{each} is an address within a network. Write {given.ip} or {given.network}.")
    return listed


Address = Annotated[str, AfterValidator(_is_base)]
ApiAddress = Annotated[str, AfterValidator(_is_api)]


class SlackSettings(BaseModel):
    """One Slack workspace."""

    model_config = ConfigDict(extra="forbid")

    bot_token: SecretStr
    app_token: SecretStr = NO_SECRET
    signing_secret: SecretStr = NO_SECRET
    mode: Literal["socket", "http"] = "socket"
    api_url: ApiAddress = SLACK_API

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> "SlackSettings":
        bot, app = self.bot_token.get_secret_value(), self.app_token.get_secret_value()
        if wrong := wrong_tokens(bot, app, self.signing_secret.get_secret_value(), self.mode):
            raise ValueError(". ".join(wrong))
        return self


class DiscordSettings(BaseModel):
    """One Discord bot, in as many guilds as it was invited to."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr
    api_url: Address = ""
    gateway_url: Address = ""
    shards: int = Field(default=1, ge=1)


class Settings(BaseSettings):
    """The operator's settings. The defaults run on one machine without any account."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: Annotated[str, AfterValidator(_is_database)] = Field(default="", repr=False)
    """`sqlite:///FILE` or `postgresql://…`; by default a file in `data_dir`."""
    data_dir: Path = Path("data")
    host: Annotated[str, AfterValidator(_is_host)] = "127.0.0.1"
    """Where to listen. The sandbox serves only this machine in any case."""
    port: int = Field(default=8420, ge=1, le=65535)
    public_url: Address = ""
    """Where browsers reach the pages, such as `https://bot.example.org`; without it only the sandbox has pages."""
    proxies: Annotated[str, AfterValidator(_are_proxies)] = "127.0.0.1,::1"
    """Addresses or networks of reverse proxies whose `X-Forwarded-For` is trusted."""
    clock: str = "system"
    """`system`, or `virtual:2026-01-05T00:00:00Z`: a clock that stands still until it is wound."""
    sandbox_keys: Literal["on", "off"] = "on"
    """`off`: the sandbox does not recognise a message that is delivered twice, as other chat services do not."""
    slack_bot_token: SecretStr = NO_SECRET
    slack_app_token: SecretStr = NO_SECRET
    slack_signing_secret: SecretStr = NO_SECRET
    slack_mode: Literal["socket", "http"] = "socket"
    slack_api_url: ApiAddress = SLACK_API
    discord_token: SecretStr = NO_SECRET
    discord_api_url: Address = ""
    discord_gateway_url: Address = ""
    slack: tuple[SlackSettings, ...] = ()
    """Several workspaces, as `[[slack]]` in a file that ends in .toml."""
    discord: tuple[DiscordSettings, ...] = ()

    @field_validator("port", mode="before")
    @classmethod
    def _no_service_link(cls, value: object) -> object:
        if isinstance(value, str) and _LINKED.match(value):
            raise ValueError(
                f"{value} is what Kubernetes says about a service called 'pacekeeper'. "
                "Write `enableServiceLinks: false` into the pod's spec, or give the service another name"
            )
        return value

    @field_validator("clock")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value != "system":
            kind, _, instant = value.partition(":")
            try:
                parse_instant(instant if kind == "virtual" else "")
            except (ValueError, OverflowError):
                raise ValueError("write `system` or `virtual:2026-01-05T00:00:00Z`") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _without_a_path(cls, value: str) -> str:
        if urlsplit(value).path.strip("/"):
            raise ValueError("write the address without a path, such as https://bot.example.org")
        return value.rstrip("/")

    @model_validator(mode="before")
    @classmethod
    def _without_what_is_wrong(cls, values: dict[str, Any]) -> dict[str, Any]:
        wrong = _left_out.get()
        return {
            name: [entry for number, entry in enumerate(value) if (name, number) not in wrong]
            if isinstance(value, list)
            else value
            for name, value in values.items()
            if (name,) not in wrong
        }

    @model_validator(mode="after")
    def _one_list_of_workspaces(self) -> "Settings":
        tokens = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        if any(token.get_secret_value() for token in tokens):
            own = {name: getattr(self, f"slack_{name}") for name in SlackSettings.model_fields}
            self.slack = (SlackSettings(**own), *self.slack)
        if self.discord_token.get_secret_value():
            token, api, gateway = self.discord_token, self.discord_api_url, self.discord_gateway_url
            self.discord = (DiscordSettings(token=token, api_url=api, gateway_url=gateway), *self.discord)
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'pacekeeper.db'}"

    @property
    def connects(self) -> bool:
        """Whether a workspace or a bot account is configured."""
        return bool(self.slack or self.discord)

    def make_sandbox_clock(self) -> WoundClock:
        """The sandbox's clock, which can be wound forward."""
        if self.clock != "system":
            return WoundClock(start=parse_instant(self.clock.partition(":")[2]))
        return WoundClock(base=SystemClock())

    def make_chance(self, salt: str) -> Random:
        """Source of randomness for codes. Under a virtual clock the same `salt` gives the same codes in every run."""
        return SystemRandom() if self.clock == "system" else Random(f"{self.clock}/{salt}")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Values of a TOML file arrive as arguments; the environment takes precedence.
        return env_settings, dotenv_settings, init_settings

    @classmethod
    def load(cls) -> "Settings":
        """Reads the environment, then the file that PACEKEEPER_CONFIG names (default `.env`): TOML if it ends in .toml,
        else lines `NAME=value`. Raises ValueError if it cannot be read."""
        file = _file()
        return cls(**_toml(file)) if _is_toml(file) else cls(_env_file=file)  # type: ignore[call-arg]


@contextmanager
def left_out(wrong: Iterable[tuple[int | str, ...]]) -> Iterator[None]:
    """Settings that are loaded within take the defaults for these: `(name,)`, or `(table, number)`."""
    before = _left_out.set(frozenset(wrong))
    try:
        yield
    finally:
        _left_out.reset(before)


TOKENS = {
    "slack_": frozenset((f"slack_{name}",) for name in ("bot_token", "app_token", "signing_secret")),
    "discord_": frozenset({("discord_token",)}),
}


def with_tokens(wrong: Iterable[tuple[int | str, ...]]) -> set[tuple[int | str, ...]]:
    """What is wrong, with the tokens that depend on it: none goes to another address than was meant. `()` stands for
    the tokens of a Slack app, which do not go together."""
    found = set(wrong)
    starts = {start for start in TOKENS for loc in found if loc and str(loc[0]).startswith(start)}
    return found.union(*(TOKENS[start] for start in ({"slack_"} if () in found else set()) | starts))


DECISIVE = frozenset({("data_dir",), ("database_url",), ("clock",)})
"""Without these nothing is known about the data."""


def misspelt() -> list[str]:
    """A line for each name in the environment and the file that is no setting, with the nearest one."""
    file = _file()
    names = {name: value for name, value in os.environ.items() if not _is_service_link(name, value)}
    keys: Mapping[str, Any] = _toml(file) if _is_toml(file) else {}
    if not keys and file.is_file():
        names |= dict.fromkeys(dotenv_values(file), "")
    known = [PREFIX + name.upper() for name in (*Settings.model_fields, "config")]
    wrong = [name for name in names if _is_meant(name.upper()) and name.upper() not in known]
    return [
        *(no_setting(name, known) for name in wrong),
        *_unread(file if not keys else None),
        *(no_setting(key, Settings.model_fields) for key in keys if key not in Settings.model_fields),
        *(
            f"[[{table}]] no. {number}, {no_setting(key, model.model_fields)}"
            for table, model in (("slack", SlackSettings), ("discord", DiscordSettings))
            for number, entry in enumerate(keys[table] if isinstance(keys.get(table), list) else (), 1)
            if isinstance(entry, dict)
            for key in entry
            if key not in model.model_fields
        ),
    ]


THEIRS = {
    "SLACK_BOT_TOKEN": "PACEKEEPER_SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN": "PACEKEEPER_SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET": "PACEKEEPER_SLACK_SIGNING_SECRET",
    "DISCORD_TOKEN": "PACEKEEPER_DISCORD_TOKEN",
    "DISCORD_BOT_TOKEN": "PACEKEEPER_DISCORD_TOKEN",
}
"""The names that the platforms' own guides use, and ours."""


def _unread(file: Path | None) -> list[str]:
    """A line for each name of the platforms' guides in the file, and for each line of it that cannot be read. In the
    environment such names may belong to another program."""
    if file is None or not file.is_file():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    found = []
    for bound in parse_stream(io.StringIO(text)):
        if bound.error:
            found.append(f"{file}, line {bound.original.line}: write NAME=value, such as PACEKEEPER_PORT=8420.")
        elif (ours := THEIRS.get((bound.key or "").upper())) is not None:
            found.append(f"{file}: {bound.key} is not read. Did you mean {ours}?")
    return found


def unconnected() -> str:
    """What to do where nothing is connected: which file was looked for, and whose names the environment has."""
    file = _file()
    looked = f"{file.resolve()} names no token." if file.is_file() else f"There is no file {file.resolve()}."
    theirs = [f"{name} is not read: set {ours}." for name, ours in THEIRS.items() if os.environ.get(name)]
    return " ".join([looked, *theirs, "See 'Connect Slack' and 'Connect Discord' in the README."])


def no_setting(name: str, known: Collection[str]) -> str:
    by_word = {each.upper().removeprefix(PREFIX): each for each in known}
    words = name.upper().partition("_")[2] if _is_meant(name.upper()) else name.upper()
    nearest = next((by_word[near] for near in get_close_matches(words, by_word, 1)), None)
    return f"{name} is no setting." + (f" Did you mean {nearest}?" if nearest else " See docs/INTERFACE.md.")


def _is_meant(name: str) -> bool:
    """Whether a variable is meant for us: it has our prefix, or one that differs by a slip."""
    first, line, _ = name.partition("_")
    return bool(line) and bool(get_close_matches(first, [PREFIX.rstrip("_")], 1, 0.85))


def _is_service_link(name: str, value: str) -> bool:
    return bool(_SERVICE_LINK.fullmatch(name) or (name.upper().endswith("_PORT") and _LINKED.match(value)))


def _file() -> Path:
    return Path(os.environ.get("PACEKEEPER_CONFIG", ".env"))


def _is_toml(file: Path) -> bool:
    return file.suffix == ".toml"


def _toml(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
