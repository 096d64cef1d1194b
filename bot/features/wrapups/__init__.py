"""Wrap-ups: the weekly prompt, its answers, and the week together."""
