"""Recaps: what an instructor tells the cohort about a week, in ninety seconds."""
