"""Questions: asked by command, form or plain message, followed in their threads, and marked as answered."""
