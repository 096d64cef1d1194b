"""What is played, and what is expected, of each feature: one module per feature, with the feature's name.

A module may have subclasses of `Part`, and these names, which the checks read:

- `expects(course, cohort, week, zone, hour)`: the cards that a learner should get in a week, as `Expected`;
- `RECEIPT`: how a receipt of what was done is told from what is still to do, as `Receipt`.
"""

from collections.abc import Collection
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from bot.app.rehearsal.player import Part


def modules(features: Collection[str]) -> list[ModuleType]:
    """The modules of the mounted features that have one, by name."""
    return [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__) if m.name in features]


def parts(features: Collection[str]) -> list[type[Part]]:
    """What there is to play."""
    found = (value for module in modules(features) for value in vars(module).values())
    return [v for v in found if isinstance(v, type) and issubclass(v, Part) and v.__module__.startswith(__name__)]
