"""The registry of command modules: finds and imports every module that may register commands.

A new file in a room is found by itself, and so is a new room. Modules are imported in the order of
`ROOMS`, within a room in the order of the alphabet; one that another imports registers before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import handlers

ROOMS = ("selling", "nudges", "digest", "objections", "cards", "reports", "funnel_setup", "team")
# Rooms that register nothing: drawing would load its libraries at every start.
WITHOUT_COMMANDS = frozenset({"pictures", "reading"})
# What registers nothing beside the rooms, and itself imports this module.
ABOVE = frozenset({"registry", "routes"})


def load() -> tuple[ModuleType, ...]:
    """Every module that may hold commands, each imported once."""
    return tuple(import_module(f"handlers.{name}") for name in _names())


def _names() -> Iterator[str]:
    found = {each.name: each.ispkg for each in iter_modules(handlers.__path__)}
    rooms = {name for name, is_room in found.items() if is_room} - WITHOUT_COMMANDS
    for room in (*ROOMS, *sorted(rooms - {*ROOMS})):
        package = import_module(f"handlers.{room}")
        yield from (f"{room}.{module.name}" for module in iter_modules(package.__path__))
    yield from sorted(found.keys() - {*ABOVE, *WITHOUT_COMMANDS, *rooms})


MODULES = load()
