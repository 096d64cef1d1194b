"""Settings: environment, `.env`, or the file that PACEKEEPER_CONFIG names. Prefix PACEKEEPER_."""

import os
from pathlib import Path
from random import Random, SystemRandom

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.time import SystemClock, WoundClock, parse_instant


class Settings(BaseSettings):
    """What an operator sets. Every default runs on the machine alone, with no account anywhere."""

    model_config = SettingsConfigDict(env_prefix="PACEKEEPER_", extra="ignore")

    database_url: str = ""
    """`sqlite:///FILE` or `postgresql://…`; by default a file in `data_dir`."""
    data_dir: Path = Path("data")
    port: int = Field(default=8420, ge=1, le=65535)
    clock: str = "system"
    """`system`, or `virtual:2026-01-05T00:00:00Z`: a clock that stands still until it is wound."""

    @field_validator("clock")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value != "system":
            kind, _, instant = value.partition(":")
            if kind != "virtual":
                raise ValueError("write `system` or `virtual:2026-01-05T00:00:00Z`")
            parse_instant(instant)
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'pacekeeper.db'}"

    def make_sandbox_clock(self) -> WoundClock:
        """The sandbox's clock: it can be wound forward."""
        if self.clock != "system":
            return WoundClock(start=parse_instant(self.clock.partition(":")[2]))
        return WoundClock(base=SystemClock())

    def make_chance(self, salt: str) -> Random:
        """What codes are drawn with. Under a virtual clock the same `salt` gives the same ones in every run."""
        return SystemRandom() if self.clock == "system" else Random(f"{self.clock}/{salt}")

    @classmethod
    def load(cls) -> "Settings":
        """Reads the environment, then the file that PACEKEEPER_CONFIG names (default `.env`)."""
        return cls(_env_file=os.environ.get("PACEKEEPER_CONFIG", ".env"))  # type: ignore[call-arg]
