"""Messages as HTML: what the sandbox's chat and the web pages draw alike."""
