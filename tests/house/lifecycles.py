"""Every lifecycle of the SDK, wherever it stands."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import retainsdk
from retainsdk.lifecycle import Machine


def machines() -> list[Machine]:
    """Each once, by the name of the thing that lives it."""
    found = {
        id(value): value
        for module in pkgutil.walk_packages(retainsdk.__path__, "retainsdk.")
        if not module.name.startswith(("retainsdk.cli", "retainsdk.testing"))
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Machine)
    }
    return sorted(found.values(), key=lambda machine: machine.name)
