"""Pages in a browser: what the features declare, drawn and served. Nothing here decides anything."""
