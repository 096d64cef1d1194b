"""Slack's error codes, and what they mean for the bot: https://docs.slack.dev/reference/methods lists the codes."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.core.errors import DeliveryError, TargetGone, Unavailable, Unclear

GONE = {
    "channel_not_found": "gone",
    "is_archived": "archived",
    "channel_is_archived": "archived",
    "not_in_channel": "removed",
    "restricted_action": "forbidden",
    "restricted_action_read_only_channel": "forbidden",
    "restricted_action_thread_only_channel": "forbidden",
    "restricted_action_non_threadable_channel": "forbidden",
    "restricted_action_thread_locked": "forbidden",
    "no_permission": "forbidden",
    "ekm_access_denied": "forbidden",
}
"""Codes that mean the bot has lost a channel, with the reason."""

REVOKED = frozenset(
    {
        "account_inactive",
        "app_access_expired",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Codes that mean the bot has lost the workspace until an operator fixes it."""

NOBODY = frozenset(
    {
        "cannot_dm_bot",
        "cannot_dm_user",
        "messages_tab_disabled",
        "user_disabled",
        "user_not_found",
        "user_not_in_channel",
        "user_not_visible",
        "users_not_found",
    }
)
"""The person cannot be written to."""

ABSENT = frozenset(
    {
        "cant_delete_message",
        "cant_update_message",
        "edit_window_closed",
        "message_not_found",
        "no_item_specified",
        "thread_not_found",
    }
)
"""The message was deleted, or is not ours to change."""

TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long", "message_too_long"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments"})
LOST_ANSWER = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


class Refusal(DeliveryError):
    """Slack refused a call; `code` is Slack's error code. What it means for a delivery is the subclass."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        super().__init__(f"Slack refused {method}: {code}{f' (needs {needed})' if needed else ''}")
        self.code = code


class Gone(Refusal, TargetGone):
    """The channel, the person or the message is not there any more."""


class Failed(Refusal, Unclear):
    """Slack failed internally; the call may or may not have taken effect."""


class Fixable(Refusal, Unavailable):
    """Revoked tokens, missing scopes, unknown codes: nothing was sent, and an operator can fix it."""


def refusal(method: str, code: str, needed: str = "") -> Refusal:
    """The error for one of Slack's codes."""
    if code in GONE or code in NOBODY or code in ABSENT:
        return Gone(method, code, needed)
    return (Failed if code in LOST_ANSWER else Fixable)(method, code, needed)


@contextmanager
def unless(*codes: str) -> Iterator[None]:
    """Treats refusals with these codes as success."""
    try:
        yield
    except Refusal as e:
        if e.code not in codes:
            raise
