from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.interchange.vcard.lines import (
    FOLD_AT,
    MalformedLineError,
    Property,
    escaped,
    folded,
    parsed,
    physical_lines,
    unescaped,
    unfolded,
)

texts = st.text(st.sampled_from("ab\\;:,\n נ😀="), max_size=200)


@given(texts)
def test_a_text_comes_back_from_a_value_as_it_was(text: str) -> None:
    assert unescaped(escaped(text)) == text


@given(st.lists(texts, min_size=1, max_size=4))
def test_parts_between_semicolons_come_back_as_they_were(texts: list[str]) -> None:
    line = Property(name="ADR", value=";".join(map(escaped, texts)))

    assert line.parts == texts


@given(st.lists(texts.map(escaped), min_size=1, max_size=3))
def test_folded_lines_are_short_whole_characters_and_unfold_to_what_they_were(values: list[str]) -> None:
    content = b"".join(folded(f"NOTE:{value}") for value in values)

    lines = physical_lines(content)
    assert all(len(line) <= FOLD_AT for line in lines)
    assert "�" not in "".join(line.decode() for line in lines)
    assert [line.decode() for _, line in unfolded(lines)] == [f"NOTE:{value}" for value in values]


def test_a_fold_inside_a_character_is_mended() -> None:
    octets = "NOTE:נועה".encode()
    content = octets[:6] + b"\r\n " + octets[6:]

    ((_, line),) = unfolded(physical_lines(content))

    assert parsed(line).text == "נועה"


@pytest.mark.parametrize(
    ("line", "params", "text"),
    [
        (b"TEL;CELL;PREF:1", (("TYPE", "cell"), ("TYPE", "pref")), "1"),
        (b'TEL;TYPE="cell,voice",home:1', (("TYPE", "cell,voice"), ("TYPE", "home")), "1"),
        (b'X;A="b;c:d":1', (("A", "b;c:d"),), "1"),
        (b"NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=D7=A0=0D=0Ax", (), "נ\nx"),
        (b"NOTE;QUOTED-PRINTABLE:=D7=A0", (), "נ"),
        (b"NOTE;CHARSET=windows-1255:\xf0\xe5\xf2\xe4", (), "נועה"),
        (b"PHOTO;BASE64;JPEG:AAAA", (("ENCODING", "BASE64"), ("TYPE", "jpeg")), "AAAA"),
        (b"NOTE:a\\nb\\,c\\;d\\\\e", (), "a\nb,c;d\\e"),
        (b"NOTE:", (), ""),
    ],
)
def test_lines_of_all_versions_are_read(line: bytes, params: tuple[tuple[str, str], ...], text: str) -> None:
    read = parsed(line)

    assert (read.params, read.text) == (params, text)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b":x", "does not begin with the name"),
        (b"\xff:x", "does not begin with the name"),
        (b"NOTE", "has no colon"),
        (b'NOTE;A="x:y', "has no colon"),
        (b"NOTE:\xff", "is not UTF-8"),
        (b"NOTE;A=\xff:x", "is not UTF-8"),
        (b"NOTE;CHARSET=unicode_escape:x", "character set nobody here can read"),
        (b"NOTE;CHARSET=rot13:x", "character set nobody here can read"),
        (b"NOTE;CHARSET=windows-1255;QUOTED-PRINTABLE:=FF=FF", "is not CP1255"),
    ],
)
def test_what_is_no_line_is_refused_with_the_reason(line: bytes, why: str) -> None:
    with pytest.raises(MalformedLineError, match=why):
        parsed(line)


@given(st.binary(max_size=40) | st.text(st.sampled_from('A;=":,\\\n.'), max_size=40).map(str.encode))
def test_any_octets_are_a_line_that_can_be_written_again_or_none(octets: bytes) -> None:
    try:
        read = parsed(octets)
    except MalformedLineError:
        return

    assert parsed(str(read).encode()).text == read.text


@pytest.mark.parametrize(
    "content",
    [
        b"NOTE:" + b"a" * 1_000_000,
        b"NOTE" + b";A=b" * 250_000 + b":x",
        b"NOTE;A=" + b'"' * 500_000,
        b"NOTE:x" + b"\r\n y" * 250_000,
        b"NOTE;ENCODING=QUOTED-PRINTABLE:" + b"=\r\n" * 300_000,
        b"NOTE:" + b"\\;" * 500_000,
        b"NOTE:" + b"\\" * 500_000 + b";",
    ],
    ids=["one line", "parameters", "quotes", "folds", "soft breaks", "escapes", "backslashes"],
)
def test_a_million_octets_are_read_in_seconds(content: bytes) -> None:
    began = time.process_time()

    for _, line in unfolded(physical_lines(content)):
        try:
            parts = parsed(line).parts
        except MalformedLineError:
            continue
        assert parts

    assert time.process_time() - began < 5  # a quadratic law would take many minutes
