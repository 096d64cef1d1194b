"""Generates the app manifest from what the bot declares; an operator pastes it at api.slack.com/apps.

https://docs.slack.dev/reference/app-manifest/
"""

from collections.abc import Sequence
from typing import Any

import yaml

from bot.core.commands import Command, Shortcut
from bot.core.translation import _

Json = dict[str, Any]

SCOPES = {
    "channels:history": "follow the course's public channels, and fetch what it missed there",
    "channels:join": "enter a public channel that is chosen, has the name of one that it shall make, or is unarchived",
    "channels:manage": "make and archive a cohort's channels, set their topics, bring people in and take them out",
    "channels:read": "find a named or chosen channel, and hear when one is archived, opened again, deleted or left",
    "chat:write": "write messages, and change and delete its own",
    "commands": "offer /cohort and entries in a message's menu",
    "files:read": "take the files that people hand in",
    "files:write": "send files, such as a calendar, and delete those that are out of date",
    "groups:history": "follow the course's private channels, such as that of the instructors",
    "groups:read": "the same as channels:read for private channels that it is in",
    "groups:write": "the same as channels:manage for private channels",
    "im:history": "read what people write to it directly",
    "im:write": "write to people directly",
    "pins:write": "pin the FAQ",
    "reactions:read": "see which answer was marked",
    "reactions:write": "put its own reactions, and take them off",
    "usergroups:read": "let user groups give roles",
    "users:read": "know people's names and time zones, and who administers the workspace",
}
"""Each permission that the bot uses, and its purpose."""

OPTIONAL = {"users:read.email": "find the people of a roster by e-mail address"}

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_unarchive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "group_archive",
    "group_unarchive",
    "group_deleted",
    "group_left",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "subteam_updated",
    "tokens_revoked",
    "user_change",
)

COMMAND = "/cohort"


def manifest(commands: Sequence[Command], shortcuts: Sequence[Shortcut], address: str = "") -> Json:
    """The manifest, for HTTP events if the `address` of an installation (https://…/slack/events) is given, else for
    Socket Mode."""
    helps = [c.name for c in commands if c.name == "help"]
    url = {"url": address} if address else {}
    request = {"request_url": address} if address else {}
    menu = [
        {"name": s.label, "type": "message", "callback_id": s.name, "description": s.summary[:150]} for s in shortcuts
    ]
    return {
        "display_information": {
            "name": "Pacekeeper",
            "description": _("Runs cohort courses at everybody's own pace"),
            "background_color": "#1f5f4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "pacekeeper", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    **url,
                    "description": _("Your course: this week, questions, answers, dates"),
                    **({"usage_hint": helps[0]} if helps else {}),
                    "should_escape": True,
                }
            ],
            **({"shortcuts": menu} if menu else {}),
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {
                "is_enabled": True,
                **request,
                **({"message_menu_options_url": address} if address else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


HEAD = """\
# The Slack app, for https://api.slack.com/apps > Create New App > From a manifest.
# Made by `pacekeeper slack-manifest`; change what it is made of, not this file.
# What each permission is for:
"""


def write(commands: Sequence[Command], shortcuts: Sequence[Shortcut], address: str = "") -> str:
    """The manifest as YAML, with each permission's purpose as a comment."""
    why = "".join(f"#   {scope}: {reason}\n" for scope, reason in SCOPES.items())
    why += "".join(
        f"#   {scope} (optional; add it below, under `scopes`, if you need it): {reason}\n"
        for scope, reason in OPTIONAL.items()
    )
    return HEAD + why + yaml.safe_dump(manifest(commands, shortcuts, address), sort_keys=False, width=100)
