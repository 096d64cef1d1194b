"""Runs of a course side by side: what each cohort came to, and whether a change made a difference."""
