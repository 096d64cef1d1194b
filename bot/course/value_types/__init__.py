"""The value types of a course file: each parses a single value and proposes a valid one for an invalid one."""
