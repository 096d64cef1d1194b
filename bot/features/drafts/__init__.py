"""Drafts: a course is laid out on a page, by forms, before a cohort runs by it."""
