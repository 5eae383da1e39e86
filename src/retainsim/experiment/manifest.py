"""What a result was made with, so that it can be made again."""

from __future__ import annotations

import hashlib
import inspect
import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any

import attrs
import numpy as np
import orjson

from retainsdk.policies.registry import title
from retainsdk.policy import Policy
from retainsdk.view import COLUMNS, BookView
from retainsim.experiment.setting import Setting
from retainsim.market.purposes import PURPOSES

_PACKAGES = ("retainsdk", "numpy", "numba", "attrs")


@attrs.frozen(kw_only=True)
class Manifest:
    """
    Where a study's figures come from.

    Attributes:
        versions: Of Python and the packages that compute.
        platform: Operating system and processor.
        configuration: The setting, with digests of preset, replaced rules and view.
        setting_hash: Of the configuration without any policy: the same for all twins.
        study_hash: Of configuration, policies and control.
        seed: Root of all luck.
        world_seeds: Of each world.
        purposes: What chance is drawn for, each from a stream of its own.
        policies: Title and digest of the source of each policy, the control first.
    """

    versions: dict[str, str]
    platform: str
    configuration: dict[str, Any]
    setting_hash: str
    study_hash: str
    seed: int
    world_seeds: tuple[int, ...]
    purposes: tuple[str, ...]
    policies: tuple[tuple[str, str], ...]


def manifest(setting: Setting, policies: Sequence[Policy], control: Policy) -> Manifest:
    """The manifest of a study."""
    configuration = _configuration(setting)
    sources = tuple((title(policy), _source_digest(policy)) for policy in (control, *policies))
    return Manifest(
        versions={"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        platform=f"{platform.system()} {platform.machine()}",
        configuration=configuration,
        setting_hash=_hash(configuration),
        study_hash=_hash([configuration, sources]),
        seed=setting.seed,
        world_seeds=setting.world_seeds(),
        purposes=tuple(PURPOSES),
        policies=sources,
    )


def _configuration(setting: Setting) -> dict[str, Any]:
    preset = setting.market
    return {
        "preset": {"name": preset.name, "version": preset.version, "digest": preset.digest},
        "structure": preset.structure,
        "rules": dict(setting.law.digests),
        "staffing": setting.staffing.to_record(),
        "consent_gate": setting.consent_gate,
        "customers": setting.customers,
        "months": setting.months,
        "worlds": setting.worlds,
        "seed": setting.seed,
        "parameters": setting.parameters,
        "budget": attrs.asdict(setting.budget),
        "source": setting.source,
        "view": None if setting.view is None else _view_digest(setting.view),
    }


def _view_digest(view: BookView) -> str:
    digest = hashlib.blake2b(f"{view.as_of.isoformat()} {view.currency}".encode(), digest_size=8)
    for column in COLUMNS:
        digest.update(np.ascontiguousarray(getattr(view, column.name)).tobytes())
        digest.update(np.packbits(view.known(column.name)).tobytes())
    return digest.hexdigest()


def _source_digest(policy: Policy) -> str:
    try:
        source = inspect.getsource(inspect.getmodule(type(policy)) or type(policy))
    except (OSError, TypeError):  # typed at a prompt: there is no file to read
        source = repr(type(policy))
    return hashlib.blake2b(source.encode(), digest_size=8).hexdigest()


def _hash(content: object) -> str:
    return hashlib.blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from the sources
        return "not installed"
