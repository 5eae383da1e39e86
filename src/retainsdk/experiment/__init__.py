"""The one home of effects: how they are estimated, and how sure one may be of them."""

from retainsdk.experiment.effect import Effect, Measure, Method, Verdict
from retainsdk.experiment.paired import paired_effect
from retainsdk.experiment.ratio import Ratio, paired_ratio

__all__ = ["Effect", "Measure", "Method", "Ratio", "Verdict", "paired_effect", "paired_ratio"]
