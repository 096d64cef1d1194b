"""What people do with each feature, and what is expected of it: one module per feature, with the feature's name.

A module may contain subclasses of `Part` and of `Watch`, and these names for the checks and the load:

- `expects(course, cohort, week, zone, hour)`: the cards that a learner should get in a week, as `Expected`;
- `RECEIPT`: how receipts are recognized, as `Receipt`;
- `MAY_EXCEED`: the action at whose instant private messages may exceed the budget;
- `TELLS_AT_ONCE`: the action at whose instant private messages need not come from the voice;
- `POSTED_FOR_PEOPLE`: how the anchor of a post begins that the bot makes for whoever acts, and that is no root post
  of the bot's own.
- `MAY_LAPSE`: the names of what rides on a card if one comes, and is missed by nobody if none does.
- `WELCOMES`: how the anchor of a card begins that comes once to whoever is enrolled, in their waking hours, and is
  counted in no budget.
"""

import ast
import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from importlib import import_module
from inspect import getsource
from pkgutil import iter_modules
from types import ModuleType

from bot.app.rehearsal.player import Part


def modules(features: Collection[str]) -> list[ModuleType]:
    """The modules of the mounted features that have one, by name."""
    return [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__) if m.name in features]


def parts(features: Collection[str]) -> list[type[Part]]:
    """The parts of all these features."""
    found = (value for module in modules(features) for value in vars(module).values())
    return [v for v in found if isinstance(v, type) and issubclass(v, Part) and v.__module__.startswith(__name__)]


def misspelt(modules: Iterable[ModuleType], actions: Collection[str]) -> list[str]:
    """The actions that these modules name and no mounted feature has, each with the nearest right one."""
    found = []
    for module in modules:
        for node in ast.walk(ast.parse(getsource(module))):
            if not isinstance(node, ast.Constant) or not isinstance(named := node.value, str):
                continue
            if re.fullmatch(r"[a-z]{1,40}\.[a-z_]{1,40}", named) and named not in actions:
                near = get_close_matches(named, actions, 1, 0.6)
                meant = f" Write {near[0]!r}." if near else ""
                file = module.__name__.replace(".", "/")
                found.append(f"{file}.py, line {node.lineno}: no feature has the action {named!r}.{meant}")
    return found
