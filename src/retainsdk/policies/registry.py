"""
Find a policy: a shipped one by its name, anybody's by ``file.py:Name``.

Nothing is imported before it is asked for.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import attrs

from retainsdk.errors import Fault, InputError, UnknownPolicyError
from retainsdk.policy import Policy

_SHIPPED = {
    "none": "Nothing",
    "random": "AtRandom",
    "bear_hug": "BearHug",
    "early_warning": "EarlyWarning",
    "promise_keeper": "PromiseKeeper",
    "suitable_only": "SuitableOnly",
    "win_back": "WinBack",
}
_FILE_MODULE = "retainsdk_policy_file_"


def names() -> tuple[str, ...]:
    """
    The policies that ship with the package.

    >>> from retainsdk import policies
    >>> policies.names()
    ('none', 'random', 'bear_hug', 'early_warning', 'promise_keeper', 'suitable_only', 'win_back')
    """
    return tuple(_SHIPPED)


def get(name: str) -> Policy:
    """
    The policy of that name, with its parameters as they ship.

    Args:
        name: A shipped policy, or ``path/to/file.py:Name`` for a class or a policy in a file.

    Raises:
        UnknownPolicyError: When nobody registered the name; with the closest one.
        InputError: When the file cannot be read or holds no such policy.

    >>> from retainsdk import policies
    >>> policies.get("bear_hug")
    BearHug(depth=0.25, deeper=0.4, months=12, gift=0.25)
    >>> policies.get("bare_hug")
    Traceback (most recent call last):
    retainsdk.errors.UnknownPolicyError: No policy is called 'bare_hug'. Did you mean 'bear_hug'? Registered: bear_hug, early_warning, none, promise_keeper, random, suitable_only, win_back.
    """
    path, colon, attribute = name.rpartition(":")
    if colon and path.endswith(".py"):
        return _made(name, getattr(load_file(path), attribute, None), _remedy(path))
    if name not in _SHIPPED:
        raise UnknownPolicyError(name, _SHIPPED)
    module = importlib.import_module(f"retainsdk.policies.{name}")
    return _made(name, getattr(module, _SHIPPED[name]), "")


def title(policy: Policy) -> str:
    """
    Its name and the parameters that differ from those it ships with: enough to tell two of a school apart.

    >>> from retainsdk.policies import title
    >>> from retainsdk.policies.bear_hug import BearHug
    >>> title(BearHug()), title(BearHug(depth=0.1, months=3))
    ('bear_hug', 'bear_hug(depth=0.1, months=3)')
    """
    school: type = type(policy)
    if not attrs.has(school):
        return policy.name
    changed = [
        f"{field.name}={getattr(policy, field.name)!r}"
        for field in attrs.fields(school)
        if getattr(policy, field.name) != field.default
    ]
    return f"{policy.name}({', '.join(changed)})" if changed else policy.name


def load_file(path: str) -> ModuleType:
    """
    The module in a file, under a name that depends on its path alone, so that other processes find it too.

    Raises:
        InputError: When there is no such file, or running it fails.
    """
    file = Path(path).resolve()
    name = _FILE_MODULE + hashlib.blake2b(str(file).encode(), digest_size=8).hexdigest()
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, file)
    if not file.is_file() or spec is None or spec.loader is None:
        fault = Fault(path, "no such file", "must be a Python file", "Give its path from here.")
        raise InputError("policy", [fault])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        fault = Fault(
            path, f"{type(error).__name__}: {error}", "must run without an error", "Run it with Python."
        )
        raise InputError("policy", [fault]) from error
    return module


def file_of(policy: Policy) -> str | None:
    """The file a policy was loaded from by `get`; none for a policy of an importable module."""
    module = type(policy).__module__
    return sys.modules[module].__file__ if module.startswith(_FILE_MODULE) else None


def _made(name: str, found: object, remedy: str) -> Policy:
    made = found
    if isinstance(found, type):
        try:
            made = found()
        except Exception as error:
            fault = Fault(
                name, str(error), "cannot be made without arguments", "Give each parameter a default."
            )
            raise InputError("policy", [fault]) from error
    if isinstance(made, Policy):
        return made
    rule = "is no policy: it needs name, scope, decide and respond"
    raise InputError("policy", [Fault(name, repr(found), rule, remedy)])


def _remedy(path: str) -> str:
    candidates = sorted(
        attribute
        for attribute, value in vars(load_file(path)).items()
        if isinstance(value, type) and hasattr(value, "decide") and value is not Policy
    )
    return f"That file holds: {', '.join(candidates) or 'no policy'}."
