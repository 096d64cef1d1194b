"""Self-checks: one's own try first, then the answer; counted in numbers, and seen by nobody else."""
