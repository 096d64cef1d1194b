"""Thanks: said with one gesture, heard in private, so that it costs nobody a message."""
