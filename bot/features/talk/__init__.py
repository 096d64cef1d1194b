"""Talk: every private message gets an answer, and nobody else reads it before its author has said what it is."""
