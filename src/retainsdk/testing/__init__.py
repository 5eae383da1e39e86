"""
For authors of extensions and tests: builders of books and views, and checks that say what is wrong.

What needs Hypothesis (the extra ``testing``) is in `retainsdk.testing.strategies` and `retainsdk.testing.machine`.
"""

from retainsdk.testing.builders import (
    NOW,
    SetClock,
    a_book,
    a_campaign,
    a_case,
    a_contract,
    a_customer,
    a_household,
    a_programme,
    a_promise,
    a_relationship,
    an_experiment,
    an_offering,
    an_organisation,
    at,
    some_staff,
    some_terms,
)
from retainsdk.testing.check_book import book_faults, check_book
from retainsdk.testing.check_clock import check_clock, check_ids
from retainsdk.testing.check_duty import check_duty, duty_faults
from retainsdk.testing.check_plugin import check_plugin, plugin_faults
from retainsdk.testing.check_policy import check_policy, policy_faults
from retainsdk.testing.check_store import check_store, store_faults
from retainsdk.testing.views import a_view

__all__ = [
    "NOW",
    "SetClock",
    "a_book",
    "a_campaign",
    "a_case",
    "a_contract",
    "a_customer",
    "a_household",
    "a_programme",
    "a_promise",
    "a_relationship",
    "a_view",
    "an_experiment",
    "an_offering",
    "an_organisation",
    "at",
    "book_faults",
    "check_book",
    "check_clock",
    "check_duty",
    "check_ids",
    "check_plugin",
    "check_policy",
    "check_store",
    "duty_faults",
    "plugin_faults",
    "policy_faults",
    "some_staff",
    "some_terms",
    "store_faults",
]
