"""HTML for messages, shared by the sandbox's chat and the web pages."""
