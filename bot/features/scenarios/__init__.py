"""Scenarios: a short story that branches with each choice, in private; counted in numbers, and seen by nobody else."""
