"""Where the tokens of a Slack app come from. Imports nothing, since settings are read by every command."""

APP = "At api.slack.com/apps choose the app"
BOT_TOKEN = f"{APP}, 'Install App'. PACEKEEPER_SLACK_BOT_TOKEN is the 'Bot User OAuth Token' there (xoxb-…)."
APP_TOKEN = (
    f"{APP}, 'Basic Information', 'App-Level Tokens', 'Generate Token and Scopes'; add connections:write, and set "
    "PACEKEEPER_SLACK_APP_TOKEN to the token (xapp-…)."
)
SECRET = f"{APP}, 'Basic Information'. PACEKEEPER_SLACK_SIGNING_SECRET is the 'Signing Secret' there."
SOCKET_MODE = f"{APP}, 'Socket Mode', and switch it on."

_KINDS = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user token", "xoxe": "a refresh token"}
_BOT, _APP, _SECRET = (f"PACEKEEPER_SLACK_{name}" for name in ("BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET"))


def wrong_tokens(bot: str, app: str, secret: str, mode: str) -> tuple[str, str] | None:
    """What is wrong with the tokens of an app as they are written, and its fix."""
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        return f"{_BOT} and {_APP} are in each other's place", "Exchange them: the bot token is the one with xoxb-."
    if not bot.startswith("xoxb-"):
        return _wrong(_BOT, bot, "no bot token"), BOT_TOKEN
    if mode == "socket" and not app.startswith("xapp-"):
        return _wrong(_APP, app, "no app-level token"), APP_TOKEN
    if mode == "http" and not secret:
        return f"{_SECRET} is missing", SECRET
    return None


def _wrong(name: str, token: str, what: str) -> str:
    if not token:
        return f"{name} is missing"
    kind = next((f" but {kind}" for start, kind in _KINDS.items() if token.startswith(start)), "")
    return f"{name} is {what}{kind}"
