"""How policies read a view: who is a customer, what is known of him, when we last spoke."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.view import CONTACT_MEMORY, BookView, Stage


def is_customer(view: BookView) -> NDArray[np.bool_]:
    """Where the relationship is on and nobody has begun to end it."""
    on = (view.stage == Stage.ACTIVE) | (view.stage == Stage.ONBOARDING)
    return np.asarray(on & ~view.notice_given, dtype=np.bool_)


def known_or(view: BookView, name: str, otherwise: float) -> NDArray[Any]:
    """A column with *otherwise* in the rows where the book does not know it."""
    return np.where(view.known(name), getattr(view, name), otherwise)


def left_in_peace(view: BookView, months: int) -> NDArray[np.bool_]:
    """
    Where we have begun no contact for so many months.

    `contacts_recent` counts each contact half after every month, so one contact k months ago leaves ``0.5 ** k``.
    """
    return np.asarray(view.contacts_recent <= CONTACT_MEMORY**months, dtype=np.bool_)


def share_of_fee(view: BookView, share: float) -> NDArray[np.int64]:
    """
    So much of each customer's monthly fee, minor units, rounded to the nearest.

    Where there is no contract there is no fee: then of what he has spent a month so far.
    """
    spent = known_or(view, "value_to_date", 0) / np.maximum(view.tenure_months, 1)
    monthly = np.where(view.monthly_fee > 0, view.monthly_fee, spent)
    return np.rint(monthly * share).astype(np.int64)
