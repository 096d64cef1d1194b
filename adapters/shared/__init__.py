"""What several adapters need: HTML for messages, a cache in a file, work in the background."""
