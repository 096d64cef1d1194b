"""Quiet rooms: working silently beside others, in one post that shows who is here and on what."""
