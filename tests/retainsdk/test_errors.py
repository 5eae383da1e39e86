from __future__ import annotations

import inspect
import pickle

import pytest

from retainsdk import errors
from retainsdk.errors import (
    Fault,
    InputError,
    MissingExtraError,
    RetainError,
    TransitionError,
    UnknownNameError,
    UnknownPolicyError,
)

FAULT = Fault("line 7, column MonthlyCharges", "abc", "must be an amount", "Write a number.")
EXAMPLES: tuple[RetainError, ...] = (
    TransitionError("contract", "expired", "renew", ()),
    MissingExtraError("sim", "numba"),
    UnknownPolicyError("bear_hag", ("bear_hug", "none")),
    InputError("customers.csv", [FAULT, FAULT]),
)
CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, Exception) and found is not RetainError
]


@pytest.mark.parametrize("error_class", CLASSES)
def test_every_error_is_ours_and_also_the_built_in_it_resembles(error_class: type[Exception]) -> None:
    built_in = [base for base in error_class.__mro__ if base.__module__ == "builtins"]

    assert issubclass(error_class, RetainError)
    assert built_in[0] is not Exception


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_with_its_message_and_data(error: RetainError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_a_refused_transition_names_what_is_possible_instead() -> None:
    error = TransitionError("contract", "offered", "renew", {"sign", "decline"})

    assert str(error) == "A contract that is offered cannot renew. Possible: decline, sign."


def test_a_refused_transition_out_of_a_final_state_says_so() -> None:
    error = TransitionError("contract", "expired", "renew", ())

    assert str(error) == "A contract that is expired cannot renew. Possible: nothing: the state is final."


def test_a_missing_extra_is_named_with_the_line_to_type() -> None:
    assert "pip install 'retainsdk[sim]'" in str(MissingExtraError("sim", "numba"))


def test_an_unknown_name_is_answered_with_the_closest_known_one() -> None:
    error = UnknownPolicyError("bear_hag", ["none", "bear_hug"])

    assert (
        str(error) == "No policy is called 'bear_hag'. Did you mean 'bear_hug'? Registered: bear_hug, none."
    )


def test_an_unknown_name_that_resembles_nothing_gets_no_guess() -> None:
    assert str(UnknownNameError("x", [])) == "No thing is called 'x'. Registered: none."


def test_an_input_error_lists_every_fault_with_place_value_rule_and_remedy() -> None:
    other = Fault("line 9, column tenure", "-1", "must not be negative", "Count months from the start.")

    error = InputError("customers.csv", [FAULT, other])

    assert str(error).splitlines() == [
        "customers.csv: 2 faults",
        "  line 7, column MonthlyCharges: 'abc' must be an amount. Write a number.",
        "  line 9, column tenure: '-1' must not be negative. Count months from the start.",
    ]
    assert error.faults == (FAULT, other)


def test_one_fault_is_counted_in_the_singular() -> None:
    assert str(InputError("customers.csv", [FAULT])).startswith("customers.csv: 1 fault\n")


def test_a_faulty_value_as_long_as_a_file_is_shown_in_part_and_kept_whole() -> None:
    fault = Fault("line 2, column name", "x" * 100_000, "is too long", "Shorten it.")

    assert len(str(fault)) < 300
    assert str(fault).endswith("x…' is too long. Shorten it.")
    assert len(fault.value) == 100_000
