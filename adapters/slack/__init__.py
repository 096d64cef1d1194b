"""Slack: one or several workspaces, through slack-bolt, over Socket Mode or signed HTTP events.

Start at `adapter.py`; `workspace.py` wires the parts of one workspace. Incoming: `socket.py` or `http.py` ->
`listeners.py` -> `events.py` (chat) or `interactions.py` -> the bot -> `answers.py`. Outgoing: `send.py` ->
`render.py` -> `api.py`.
"""
