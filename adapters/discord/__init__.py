"""Discord, through discord.py: events arrive over the gateway, the bot's messages go out over the REST API.

Start at `adapter.py`. `render.py`, `modals.py` and `commands.py` build outgoing JSON; `events.py` and
`interactions.py` read what arrives.
"""
