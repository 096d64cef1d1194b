"""Feedback on work: one queue for the course team, feedback in the learner's bundle, and one reply."""
