"""Peer review: learners take the work of others, review it by the rubric, and read what others say about theirs."""
