"""What is wrong with the tokens of a Slack app."""

import re

from slack_sdk.errors import SlackApiError

from adapters.slack.errors import REVOKED, meaning_of
from adapters.slack.sources import APP, APP_TOKEN, BOT_TOKEN, SOCKET_MODE

NO_APP_TOKEN = REVOKED | {"missing_scope", "not_allowed_token_type"}
"""Codes with which Slack refuses a token for Socket Mode."""

INSTALL = f"{APP}, 'Install App': install it again, and set PACEKEEPER_SLACK_BOT_TOKEN to the bot token there (xoxb-…)."
WAIT = "Wait a minute, and look again."
LATER = "Slack has a problem of its own: look again in some minutes."

_FIXES = {
    "account_inactive": INSTALL,
    "team_access_not_granted": INSTALL,
    "app_access_expired": INSTALL,
    "not_allowed_token_type": BOT_TOKEN,
    "ratelimited": WAIT,
    "rate_limited": WAIT,
    "status 429": WAIT,
    "accesslimited": "Slack does not let this network in: an administrator of the workspace can allow its address.",
    "two_factor_setup_required": "The workspace asks for two factors: whoever installed the app has to set them up.",
    "org_login_required": "The workspace is being moved into an organisation: look again once Slack has done that.",
}
"""Fixes for a code, where they are not those of its meaning."""

_APP = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")


def no_bot_token(token: str) -> bool:
    return not token.startswith("xoxb-")


def bot_token_refused(code: str) -> tuple[str, str]:
    """What Slack's code for a bot token means, and its fix."""
    needs = meaning_of(code).needs
    if general := _general(code):
        fix = general
    elif needs:
        fix = f"The app needs {needs}. Its page at api.slack.com/apps, 'Install App', says who can give it."
    else:
        fix = BOT_TOKEN if code in REVOKED else "See what Slack says about this code, and try again."
    return f"refused the bot token: {code}", fix


def socket_refused(code: str) -> tuple[str, str]:
    """What Slack's code for a connection in Socket Mode means, and its fix."""
    own = APP_TOKEN if code in NO_APP_TOKEN else SOCKET_MODE
    general = _general(code)
    return f"Socket Mode was refused: {code}", own if general in ("", INSTALL, BOT_TOKEN) else general


def _general(code: str) -> str:
    """The fix of a code that is not about the token alone; '' if it is."""
    passing = meaning_of(code).then == "looked for" or code.startswith("status 5")
    return LATER if passing else _FIXES.get(code, "")


def code_of(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    status = getattr(error.response, "status_code", "")
    return str(data.get("error", status)) if isinstance(data, dict) else f"status {status}"


def is_lasting(code: str) -> bool:
    """Whether Slack refuses a token with this code until somebody has changed something."""
    passing = code.startswith("status") or code in ("", "ratelimited", "rate_limited")
    return not passing and meaning_of(code).then not in ("paused", "looked for")


def app_of(token: str) -> str:
    """The app that an app token names; '' if it names none."""
    found = _APP.match(token)
    return found[1] if found else ""


def of_different_apps(bot: str, app: str) -> tuple[str, str]:
    """`bot` and `app`: the apps of the two tokens."""
    return (
        f"the two tokens are of different apps: the bot token of {bot}, the app token of {app}",
        f"Take both from one app. {BOT_TOKEN} {APP_TOKEN}",
    )
