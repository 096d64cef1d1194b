"""Reminders: one for everything that is pending, privately, few, and only for those who want them."""
