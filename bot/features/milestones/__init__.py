"""Milestones: work with a date. Handed in with a receipt, late and marked, moved for one or for all."""
