"""Where the tokens of a Slack app come from. Imports nothing, since settings are read by every command."""

APP = "At api.slack.com/apps choose the app"
BOT_TOKEN = f"{APP}, 'Install App'. PACEKEEPER_SLACK_BOT_TOKEN is the 'Bot User OAuth Token' there (xoxb-…)."
APP_TOKEN = (
    f"{APP}, 'Basic Information', 'App-Level Tokens', 'Generate Token and Scopes'; add connections:write, and set "
    "PACEKEEPER_SLACK_APP_TOKEN to the token (xapp-…)."
)
SECRET = f"{APP}, 'Basic Information'. PACEKEEPER_SLACK_SIGNING_SECRET is the 'Signing Secret' there."
SOCKET_MODE = f"{APP}, 'Socket Mode', and switch it on."

SOURCES = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "signing_secret": SECRET}
