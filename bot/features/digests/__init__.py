"""Digests: the instructor's desk, the instructor's own weekly wrap-up, and the manager's one message a week."""
