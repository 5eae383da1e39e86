"""For authors of extensions and tests: builders of views, and checks that say what is wrong."""

from retainsdk.testing.check_policy import check_policy, policy_faults
from retainsdk.testing.views import a_view

__all__ = ["a_view", "check_policy", "policy_faults"]
