"""What a cohort that has ended still offers."""

from bot.core.actions import Action
from bot.core.message import Message
from bot.core.ports import Directory
from bot.runtime.registry import Registry


def still_offered(registry: Registry, people: Directory, said: Message) -> Message:
    """The message without the buttons that would be refused because their cohort has ended."""

    def works(encoded: str) -> bool:
        action = Action.decode(encoded)
        cohort = people.cohort(action.cohort) if action is not None and action.cohort else None
        if action is None or cohort is None or cohort.ended_at is None:
            return True
        if action.feature == "command":
            command = registry.command(action.name)
            return command is None or command[0].after_end
        handler = registry.handler(action.feature, action.name, False)
        return handler is None or handler.after_end

    return said.offering(works)
