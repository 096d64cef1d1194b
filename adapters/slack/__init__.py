"""Slack: one or several workspaces, through slack-bolt, over Socket Mode or signed HTTP events.

`adapter.py` is the way in; `workspace.py` holds one workspace together. What comes in goes `socket.py` or `http.py` ->
`listeners.py` -> `events.py` (chat) or `interactions.py` -> the bot -> `answers.py`; what goes out goes `send.py` ->
`render.py` -> `api.py`.
"""
