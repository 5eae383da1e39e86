"""The one home of effects: how they are estimated, and how sure one may be of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retainsdk.experiment.effect import Effect, Measure, Method, Verdict
    from retainsdk.experiment.independent import independent_ratio, mean_effect, share_effect
    from retainsdk.experiment.paired import paired_effect, paired_ratio
    from retainsdk.experiment.ratio import Ratio

__all__ = [
    "Effect",
    "Measure",
    "Method",
    "Ratio",
    "Verdict",
    "independent_ratio",
    "mean_effect",
    "paired_effect",
    "paired_ratio",
    "share_effect",
]

_HOMES = {
    "Ratio": "ratio",
    "independent_ratio": "independent",
    "mean_effect": "independent",
    "paired_effect": "paired",
    "paired_ratio": "paired",
    "share_effect": "independent",
}


def __getattr__(name: str) -> object:
    # a book's own experiments need no numbers library; only pairs of worlds do
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'effect')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
