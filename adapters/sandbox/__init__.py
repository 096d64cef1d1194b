"""The sandbox: our own chat in the browser, with a JSON interface, without any account.

`platform` is the chat service, which knows nothing of courses. `adapter` connects the bot to it like to any platform.
`driver` lets tests and rehearsals hold conversations in-process; `app` serves everything on this machine.
"""
