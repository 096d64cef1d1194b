"""Serves the pages that features declare."""
