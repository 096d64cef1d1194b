"""Every table: each module of this package is imported, so that the migrations know what there is."""

from importlib import import_module
from pkgutil import iter_modules

import storage

for module in iter_modules(storage.__path__):
    if not module.ispkg:
        import_module(f"storage.{module.name}")
