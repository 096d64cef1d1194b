"""Slack's error codes, and what they mean for the bot: https://docs.slack.dev/reference/methods lists the codes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.core.errors import (
    Blocked,
    DeliveryError,
    PersonGone,
    PersonShut,
    PlaceGone,
    RateLimited,
    TargetGone,
    Unavailable,
    Unclear,
    Why,
)

Then = Literal["place gone", "person gone", "person shut", "gone", "waits", "paused", "looked for", "tried again"]
"""What becomes of a message: a post waits for another channel, and what belongs below one is given up ('place gone');
one for a person who is gone ('person gone') or takes none ('person shut') is dropped; it is given up ('gone'), waits
until somebody has changed something ('waits'), waits for some minutes with the rest of its conversation ('paused'), is
looked for before it is sent again, since Slack may have taken it ('looked for'), or is tried again for three days."""

About = Literal["channel", "person", "message", "workspace", "app", "us"]
"""What has to change. 'app': the app in the workspace, which an operator or an administrator looks into."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one of Slack's error codes means for a message. `why` is for a channel that is lost, as in `PlaceLost`;
    `needs`: what has to be allowed there, in Slack's words."""

    about: About
    then: Then
    why: Why = "forbidden"
    needs: str = ""


_GONE = Meaning("channel", "place gone", "gone")
_UNSEEN = Meaning("channel", "waits", "gone")
"""The channel was deleted, or it is private and we are not in it: then its messages are still there."""
_ARCHIVED = Meaning("channel", "waits", "archived")
_POSTING = Meaning("channel", "waits", "posting")
_THREADS = Meaning("channel", "waits", "threads")
_NOBODY = Meaning("person", "gone")
_LEFT = Meaning("person", "person gone", "left")
_SHUT = Meaning("person", "person shut", "closed")
_ABSENT = Meaning("message", "gone", "gone")
_LOCKED = Meaning("message", "gone", "locked")
_REVOKED = Meaning("app", "tried again", "app")
_NOT_APPROVED = Meaning("app", "waits", "app", "an owner's approval of the app for this workspace")
_PAUSED = Meaning("workspace", "paused")
_LOST_ANSWER = Meaning("us", "looked for")

MEANINGS: Mapping[str, Meaning] = {
    "channel_not_found": _UNSEEN,
    "invalid_channel": _GONE,
    "method_not_supported_for_channel_type": Meaning("channel", "waits", "unfit"),
    "is_archived": _ARCHIVED,
    "channel_is_archived": _ARCHIVED,
    "is_inactive": _ARCHIVED,
    "not_in_channel": Meaning("channel", "waits", "removed"),
    "restricted_action": _POSTING,
    "restricted_action_read_only_channel": _POSTING,
    "restricted_action_thread_only_channel": _POSTING,
    "restricted_action_non_threadable_channel": _THREADS,
    "restricted_action_thread_locked": _LOCKED,
    "posting_to_general_channel_denied": _POSTING,
    "posting_to_channel_denied": _POSTING,
    "no_permission": _POSTING,
    "ekm_access_denied": Meaning("channel", "waits", "keys"),
    "external_channel_migrating": _PAUSED,
    "cannot_dm_bot": _NOBODY,
    "cannot_dm_user": _SHUT,
    "user_disabled": _LEFT,
    "user_not_found": _LEFT,
    "user_not_in_channel": _NOBODY,
    "user_not_visible": _SHUT,
    "users_not_found": _LEFT,
    "invalid_user_combination": _NOBODY,
    "users_list_not_supplied": _NOBODY,
    "messages_tab_disabled": Meaning("app", "waits", "app", "the 'Messages Tab' in the app's settings"),
    "cannot_reply_to_message": _ABSENT,
    "cant_delete_message": _ABSENT,
    "cant_update_message": _ABSENT,
    "edit_window_closed": _ABSENT,
    "message_not_found": _ABSENT,
    "no_item_specified": _ABSENT,
    "thread_not_found": _ABSENT,
    "thread_locked": _LOCKED,
    "bad_timestamp": _ABSENT,
    "block_mismatch": _ABSENT,
    "compliance_exports_prevent_deletion": _ABSENT,
    "invalid_name": _ABSENT,
    "no_access": _ABSENT,
    "not_pinnable": _ABSENT,
    "not_reactable": _ABSENT,
    "too_many_pins": _ABSENT,
    "access_denied": _NOT_APPROVED,
    "app_access_restricted": _NOT_APPROVED,
    "enterprise_is_restricted": _NOT_APPROVED,
    "team_not_found": _NOT_APPROVED,
    "missing_scope": Meaning("app", "waits", "app", "the permissions of the manifest: install the app again"),
    "account_inactive": _REVOKED,
    "app_access_expired": _REVOKED,
    "invalid_auth": _REVOKED,
    "not_authed": _REVOKED,
    "org_login_required": _REVOKED,
    "team_access_not_granted": _REVOKED,
    "token_expired": _REVOKED,
    "token_revoked": _REVOKED,
    "accesslimited": _REVOKED,
    "two_factor_setup_required": _REVOKED,
    "message_limit_exceeded": _PAUSED,
    "team_added_to_org": _PAUSED,
    "fatal_error": _LOST_ANSWER,
    "internal_error": _LOST_ANSWER,
    "request_timeout": _LOST_ANSWER,
    "service_unavailable": _LOST_ANSWER,
}
"""Slack's codes. One that is not here is tried again."""

PAUSE = timedelta(minutes=10)

_UNKNOWN = Meaning("us", "tried again")

REVOKED = frozenset(code for code, m in MEANINGS.items() if m is _REVOKED)
"""Codes that mean the bot has lost the workspace until an operator fixes it."""

NOBODY = frozenset(code for code, m in MEANINGS.items() if m.about == "person")
"""The person cannot be written to."""

ABSENT = frozenset(code for code, m in MEANINGS.items() if m in (_ABSENT, _LOCKED))
"""The message was deleted, or is not ours to change."""

UNKNOWN_CHANNEL = frozenset(code for code, m in MEANINGS.items() if m in (_GONE, _UNSEEN))
"""Slack knows no such channel, or none that we are in."""

TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long", "message_too_long"})
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments"})


class Refusal(DeliveryError):
    """Slack refused a call; `code` is Slack's error code. What it means for a delivery is the subclass."""

    def __init__(self, method: str, code: str, needed: str = "") -> None:
        super().__init__(f"Slack refused {method}: {code}{f' (needs {needed})' if needed else ''}")
        self.code = code


class Gone(Refusal, TargetGone):
    """The person or the message is not there any more."""


class Left(Refusal, PersonGone):
    """The person is not in the workspace any more."""


class Shut(Refusal, PersonShut):
    """The person takes no direct messages from us."""


class ChannelGone(Refusal, PlaceGone):
    """The channel is not there any more."""


class Failed(Refusal, Unclear):
    """Slack failed internally; the call may or may not have taken effect."""


class Fixable(Refusal, Unavailable):
    """Revoked tokens, missing scopes, unknown codes: nothing was sent, and an operator can fix it."""


class Held(Refusal, Blocked):
    """The channel or the person takes nothing until somebody has changed something."""


def is_final(error: Refusal) -> bool:
    """Whether the same call would be refused again: Slack has not failed itself, and knows our token."""
    return not isinstance(error, Failed) and error.code not in REVOKED


def meaning_of(code: str) -> Meaning:
    return MEANINGS.get(code, _UNKNOWN)


def refusal(method: str, code: str, needed: str = "") -> DeliveryError:
    """The error for one of Slack's codes."""
    meaning = meaning_of(code)
    match meaning.then:
        case "place gone":
            return ChannelGone(method, code, needed)
        case "person gone":
            left = Left(method, code, needed)
            left.why = meaning.why
            return left
        case "person shut":
            shut = Shut(method, code, needed)
            shut.why = meaning.why
            return shut
        case "gone":
            gone = Gone(method, code, needed)
            gone.why = meaning.why
            return gone
        case "waits":
            held = Held(method, code, needed)
            held.why, held.needs = meaning.why, meaning.needs
            return held
        case "paused":
            return RateLimited(PAUSE, f"Slack refused {method} for now: {code}.")
        case "looked for":
            return Failed(method, code, needed)
        case _:
            return Fixable(method, code, needed)


@contextmanager
def unless(*codes: str) -> Iterator[None]:
    """Treats refusals with these codes as success."""
    try:
        yield
    except Refusal as e:
        if e.code not in codes:
            raise
