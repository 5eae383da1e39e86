"""For authors of extensions and tests: builders of books and views, and checks that say what is wrong."""

from retainsdk.testing.builders import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.testing.check_policy import check_policy, policy_faults
from retainsdk.testing.views import a_view

__all__ = [
    "NOW",
    "SetClock",
    "a_book",
    "a_relationship",
    "a_view",
    "at",
    "check_policy",
    "policy_faults",
    "some_terms",
]
