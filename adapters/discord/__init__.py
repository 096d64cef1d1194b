"""Discord, through discord.py: its gateway brings what people do, its REST interface carries what the bot says.

`adapter.py` is the way in. What goes out is plain JSON that `render.py`, `modals.py` and `commands.py` make; what comes
in is read by `events.py` and `interactions.py`.
"""
