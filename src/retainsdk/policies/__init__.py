"""The schools of the field, one module each, and how a policy is found by its name."""

from retainsdk.policies.registry import get, names, title

__all__ = ["get", "names", "title"]
