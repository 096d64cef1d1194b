"""The sandbox: a chat of our own in the browser, with a JSON interface, that needs no account anywhere.

`platform` is the chat service; it knows no course. `adapter` treats it as any platform. `driver` lets tests
and rehearsals hold conversations in-process; `app` puts it all on an address of this machine.
"""
