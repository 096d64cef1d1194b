"""Revisions: the course of a running cohort, and its dates, are changed from the chat."""
