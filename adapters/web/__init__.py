"""Serves the pages that features declare. It decides nothing."""
