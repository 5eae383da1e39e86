"""Builders for tests: they supply defaults, so that a test shows only what matters to it."""

from retainsdk.testing.builders import NOW, SetClock, a_book, a_relationship, at, some_terms

__all__ = ["NOW", "SetClock", "a_book", "a_relationship", "at", "some_terms"]
