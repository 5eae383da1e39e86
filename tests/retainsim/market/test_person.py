"""What a person is made of."""

from __future__ import annotations

from lives import RANGES

from retainsim.market.person import FIELDS, Row


def test_every_field_has_a_meaning_and_a_channel() -> None:
    assert {field.channel for field in FIELDS} == {"observed", "truth"}
    assert all(field.meaning for field in FIELDS)
    assert [name for name, *_ in Row._fields_] == [field.name for field in FIELDS]
    assert RANGES.keys() <= {field.name for field in FIELDS}
