"""A market as somebody asks for it, by name or file and by structure; all that is wrong with either is told at once."""

from __future__ import annotations

import attrs

from retainsdk.errors import Fault, InputError, UnknownNameError
from retainsim.market.competitors.structures import STRUCTURES, UnknownStructureError
from retainsim.market.preset.preset import Preset
from retainsim.market.preset.reading import load_preset


def chosen_preset(reference: str, structure: str | None = None) -> Preset:
    """
    The market that is asked for.

    Args:
        reference: As `load_preset` takes it.
        structure: Of its firms; none for the preset's own.

    Raises:
        InputError: With all that is wrong: unknown names come with the closest one, the faults of a file with its name.

    >>> chosen_preset("telekom", "duoply")
    Traceback (most recent call last):
    retainsdk.errors.InputError: market: 2 faults
      preset: 'telekom' is no preset. Did you mean 'telecom'? Registered: bank_card, gym, health_fund, insurance, pet_shop, restaurant, saas, telecom.
      structure: 'duoply' is no structure. Did you mean 'duopoly'? Registered: competitive, duopoly, international, monopoly.
    """
    faults, preset = [], None
    try:
        preset = load_preset(reference)
    except UnknownNameError as error:
        faults.append(unknown_name("preset", error))
    except InputError as error:
        faults += [attrs.evolve(fault, place=f"{error.source}, {fault.place}") for fault in error.faults]
    if structure is not None and structure not in STRUCTURES:
        faults.append(unknown_name("structure", UnknownStructureError(structure, STRUCTURES)))
    if preset is None or faults:
        raise InputError("market", faults)
    return preset if structure is None else preset.in_structure(structure)


def unknown_name(place: str, error: UnknownNameError) -> Fault:
    """A name nobody registered, as one fault among others."""
    told = f"No {error.what} is called {error.name!r}."
    return Fault(place, error.name, f"is no {error.what}", str(error).removeprefix(told).strip())
