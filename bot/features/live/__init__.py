"""Live sessions: held or announced by the gate, voluntary, with another way that counts in full."""
