"""Absence: away for some days or until one says so, back to one card, and the one card after two silent weeks."""
