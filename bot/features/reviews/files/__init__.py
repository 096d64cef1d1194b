"""Takes out of a file what tells whose it is. It runs in a process of its own: see `cleaning`."""
