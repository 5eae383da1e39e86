"""Policies against their control, in twin worlds that share everything but the policy."""

from retainsim.experiment.compare import Comparison, compare
from retainsim.experiment.setting import Setting

__all__ = ["Comparison", "Setting", "compare"]
