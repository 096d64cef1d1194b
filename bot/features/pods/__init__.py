"""Pods: small groups of learners in near zones, each with a private channel."""
