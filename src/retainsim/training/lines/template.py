"""
The notation of lines: what an author writes, and what is said.

Four marks, the masculine form always first:

- ``{amount}`` is a slot: the text that stands for it is put in;
- ``{אתה|את}`` are the forms that fit whoever is spoken to: curly like a hand that points;
- ``[שמח|שמחה]`` are the forms that fit whoever speaks;
- ``{service:יקר|יקרה}`` are the forms that fit what stands in a slot.

Hebrew prefixes are written before a slot and join it as they do in writing: ``ב{service}`` is בשירות for השירות,
``ל{months}`` is ל-12 חודשים but לחודשיים.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from retainsim.training.lines.language import Gender

__all__ = ["Filler", "Form", "Template", "isolated"]

_SLOT = r"\{(?P<slot>[a-z_]+)\}"
_AGREES = r"\{(?P<with>[a-z_]+):(?P<his>[^{}\[\]|]*)\|(?P<hers>[^{}\[\]|]*)\}"
_YOU = r"\{(?P<you_m>[^{}\[\]|:]*)\|(?P<you_f>[^{}\[\]|:]*)\}"
_ME = r"\[(?P<me_m>[^{}\[\]|]*)\|(?P<me_f>[^{}\[\]|]*)\]"
_MARK = re.compile(f"{_SLOT}|{_AGREES}|{_YOU}|{_ME}")
_PREFIX = re.compile(r"(?:^|[\s\"(–-])[ושהמכבל]{1,3}$")
"""Nothing but prefix letters since the last word."""
_SWALLOWS = "בכל"
"""The prefixes that take the article into themselves."""
_ARTICLE = "ה"
_INVISIBLE = "\u200e\u200f\u2068\u2069"


def isolated(text: str) -> str:
    """A text that keeps its own direction wherever it stands, and leaves that of what is around it alone."""
    return f"\u2068{text}\u2069"


@attrs.frozen(kw_only=True)
class Filler:
    """
    What stands for a slot.

    Attributes:
        text: As it is said.
        marked: Whether it has marks of its own; names of people never do, whatever is in them.
        gender: Which forms agree with it; none where nothing can.
        article: Whether its first letter is the Hebrew article, which some prefixes take in.
    """

    text: str
    marked: bool = False
    gender: Gender | None = None
    article: bool = False


@attrs.frozen(kw_only=True)
class Form:
    """
    Two forms of which one fits.

    Attributes:
        whom: Whose gender decides: ``you``, ``me``, or what stands in the slot of that name.
        his: The masculine form.
        hers: The feminine form.
    """

    whom: str
    his: str
    hers: str


@attrs.frozen
class Template:
    """
    A line as its author wrote it.

    >>> line = Template("[אני מבין|אני מבינה] {אותך|אותך}, {name}.")
    >>> line.said(me=Gender.FEMININE, you=Gender.MASCULINE, fill={"name": Filler(text="דן")})
    'אני מבינה אותך, דן.'
    """

    text: str

    def said(self, *, me: Gender, you: Gender, fill: Mapping[str, Filler]) -> str:
        """
        The line in the forms that fit.

        Args:
            me: Gender of whoever speaks.
            you: Gender of whoever is spoken to.
            fill: What stands for each slot.

        Raises:
            KeyError: For a slot nothing stands for; `lint` finds it before anybody speaks.
        """
        parts: list[str] = []
        for kind, mark in _parts(self.text):
            if mark is None:
                parts.append(kind)
            elif kind == "slot":
                filler = fill[mark["slot"]]
                text = filler.text
                if filler.marked:
                    text = Template(text).said(me=me, you=you, fill=fill)
                _join(parts, text, article=filler.article)
            elif kind == "agrees":
                parts.append(_form(mark["his"], mark["hers"], fill[mark["with"]].gender))
            elif kind == "you":
                parts.append(_form(mark["you_m"], mark["you_f"], you))
            else:
                parts.append(_form(mark["me_m"], mark["me_f"], me))
        return "".join(parts)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots it names, in order, agreement with one included."""
        return tuple(mark["slot"] or mark["with"] for kind, mark in _parts(self.text) if mark and kind in {"slot", "agrees"})  # fmt: skip

    @property
    def forms(self) -> tuple[Form, ...]:
        """The pairs of forms, in order."""
        return tuple(
            Form(whom=mark["with"] or kind, his=mark[his], hers=mark[hers])
            for kind, mark in _parts(self.text)
            if mark and kind in _PAIRS
            for his, hers in (_PAIRS[kind],)
        )

    @property
    def rest(self) -> str:
        """What is not in a mark."""
        return "".join(kind for kind, mark in _parts(self.text) if mark is None)


_PAIRS = {"agrees": ("his", "hers"), "you": ("you_m", "you_f"), "me": ("me_m", "me_f")}


def _parts(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Plain text without a match, marks with their kind."""
    at = 0
    for mark in _MARK.finditer(text):
        if mark.start() > at:
            yield text[at : mark.start()], None
        if mark["slot"]:
            yield "slot", mark
        elif mark["with"]:
            yield "agrees", mark
        else:
            yield ("you" if mark["you_m"] is not None else "me"), mark
        at = mark.end()
    if at < len(text):
        yield text[at:], None


def _form(his: str, hers: str, gender: Gender | None) -> str:
    return hers if gender is Gender.FEMININE else his


def _join(parts: list[str], text: str, *, article: bool) -> None:
    """Put a text after what stands before it, as Hebrew prefixes join words and figures."""
    before = parts[-1] if parts else ""
    if _PREFIX.search(before):
        if text.strip(_INVISIBLE)[:1].isascii():  # a figure or a Latin name
            text = f"-{text}"
        elif article and before[-1] in _SWALLOWS:
            text = text.removeprefix(_ARTICLE)
    parts.append(text)
