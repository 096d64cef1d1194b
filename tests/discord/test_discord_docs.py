"""What the page about the invitation says is what the bot asks for."""

from pathlib import Path

from adapters.discord.check import NEEDED, USEFUL
from adapters.discord.client import intents

PAGE = (Path(__file__).parents[2] / "deploy/discord-invite.md").read_text(encoding="utf-8")


def test_every_permission_is_explained() -> None:
    for name in (*NEEDED, *USEFUL):
        assert name.replace("_", " ").title() in PAGE


def test_the_fewest_intents() -> None:
    asked = {name for name, on in intents(message_content=True) if on}
    assert asked == {"guilds", "guild_messages", "guild_reactions", "dm_messages", "dm_reactions", "message_content"}
