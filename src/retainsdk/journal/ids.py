"""Ids: random ones for what is new here, derived ones for what another system names."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> int:
    """A random number of 64 bits."""
    return secrets.randbits(64)


def derived_id(source: str, reference: str) -> int:
    """
    The id of what another system calls by a name: the same whenever it is asked for.

    >>> from retainsdk.codec import id_text
    >>> id_text(derived_id("telco", "7590-VHVEG"))
    '3d35357f9dbaf43a'
    """
    return int.from_bytes(hashlib.blake2b(f"{source}/{reference}".encode(), digest_size=8).digest(), "big")
