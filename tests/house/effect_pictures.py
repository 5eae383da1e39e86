"""
The effect of a rule as a picture: points with intervals over a parameter, light, the same on every machine.

Colours follow the reader's choice of light or dark; the points differ by form too, and title and description say in
words what there is to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from math import floor, log10

from effects import Effect, Measured

WIDTH, HEIGHT = 480, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 22, 40, 62
_STYLE = (
    ".b{fill:#fff}.t{fill:#1b1b1b}.s{fill:#555}.g{stroke:#dcdcdc}.r{fill:#0072b2;opacity:.09}.z{stroke:#555;stroke-dasharray:5 4}"
    ".i{stroke:#0072b2;stroke-width:2.5}.p{fill:#0072b2}.o{fill:#fff;stroke:#555;stroke-width:2}"
    "@media(prefers-color-scheme:dark){.b{fill:#16181d}.t{fill:#ececec}.s{fill:#a9adb5}.g{stroke:#33363d}.r{fill:#56b4e9;opacity:.13}"
    ".z{stroke:#a9adb5}.i{stroke:#56b4e9}.p{fill:#56b4e9}.o{fill:#16181d;stroke:#a9adb5}}"
    "text{font:12px system-ui,sans-serif}"
)


def picture(rule: str, effect: Effect, it: Measured, seal: str) -> str:
    """The picture as SVG; what it was made from stands in it, so that one can tell when it is old."""
    across, up, place = _Scale.across(effect, it), _Scale.up(it), it.values.index(effect.usual)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title desc">',
            f'<title id="title">{escape(rule)}: {escape(effect.figure.words)}</title>',
            f'<desc id="desc">{escape(in_words(effect, it))}</desc>',
            f"<metadata>{seal}</metadata>",
            f'<g data-more="{it.more[place]:.6g}" data-half="{it.half[place]:.6g}"/>',
            f"<style>{_STYLE}</style>",
            f'<rect class="b" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
            f'<text class="t" x="14" y="22" font-weight="600">{escape(_capital(effect.figure.words))}</text>',
            *_grid(up),
            *_believed(across, effect),
            *_marks(across, up, effect, it),
            *_below(across, effect, it),
            "</svg>",
            "",
        ]
    )


def in_words(effect: Effect, it: Measured) -> str:
    """What the picture shows, for who cannot see it, and below it for everybody."""
    without = effect.without or f"with {effect.parameter} at {effect.off:g}"
    parts = []
    for value, more, half in list(zip(it.values, it.more, it.half, strict=True))[1:]:
        shipped = ", as shipped" if value == effect.usual else ""
        where = "with the rule" if effect.instead is not None else f"at {value:g}{shipped}"
        digits = _digits(effect.figure.digits, half)
        parts.append(f"{_said(it.without + more, digits)} ± {_said(half, digits)} {where}")
    before = _said(it.without, effect.figure.digits)
    return f"{_capital(effect.figure.words)}: {before} {without}; {'; '.join(parts)}."


def _said(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace("-", "−")


def _digits(least: int, half: float) -> int:
    """So many that the interval does not read as none."""
    return least if half <= 0 else min(max(least, -floor(log10(half))), 5)


def seal_of(svg: str) -> str:
    """The seal of a picture that was drawn."""
    found = re.search(r"<metadata>(.*?)</metadata>", svg)
    return found[1] if found else ""


def words_of(svg: str) -> str:
    """What a picture that was drawn shows, in words."""
    found = re.search(r"<desc[^>]*>(.*?)</desc>", svg, re.DOTALL)
    return unescape(found[1]) if found else ""


class _Scale:
    """From a figure to a place."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    @classmethod
    def across(cls, effect: Effect, it: Measured) -> _Scale:
        low, high = min(it.values), max(it.values)
        room = 0.5 if effect.instead is not None else 0.04 * (high - low)
        return cls(low - room, high + room, _LEFT, WIDTH - _RIGHT)

    @classmethod
    def up(cls, it: Measured) -> _Scale:
        ends = [
            it.without + more + side * half
            for more, half in zip(it.more, it.half, strict=True)
            for side in (-1, 1)
        ]
        low, high = min(ends), max(ends)
        room = 0.08 * ((high - low) or 1.0)
        low = low - room if low < 0 else max(low - room, 0.0)
        return cls(low, high + room, HEIGHT - _BOTTOM, _TOP)

    def ticks(self) -> list[float]:
        """Round figures, four or five of them."""
        rough = (self.high - self.low) / 4
        size = 10 ** floor(log10(rough))
        step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough * 0.999)
        first = floor(self.low / step) + 1
        return [step * n for n in range(first, first + 8) if step * n <= self.high]


def _grid(up: _Scale) -> Iterator[str]:
    ticks = up.ticks()
    digits = next((n for n in range(7) if all(abs(round(tick, n) - tick) < 1e-9 for tick in ticks)), 6)
    for tick in ticks:
        words = f"{tick:,.{digits}f}".replace("-", "−")
        yield f'<line class="g" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{up(tick)}" y2="{up(tick)}"/>'
        yield f'<text class="s" x="{_LEFT - 7}" y="{up(tick) + 4:.1f}" text-anchor="end">{words}</text>'


def _believed(across: _Scale, effect: Effect) -> Iterator[str]:
    if effect.instead is None:
        low, high = (across(edge) for edge in effect.believed)
        yield f'<rect class="r" x="{low}" y="{_TOP}" width="{high - low:.1f}" height="{HEIGHT - _BOTTOM - _TOP}"/>'


def _marks(across: _Scale, up: _Scale, effect: Effect, it: Measured) -> Iterator[str]:
    base = up(it.without)
    yield f'<line class="z" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{base}" y2="{base}"/>'
    for value, more, half in zip(it.values, it.more, it.half, strict=True):
        x, y = across(value), up(it.without + more)
        if value == it.values[0]:
            yield f'<circle class="o" cx="{x}" cy="{y}" r="5"/>'
            continue
        yield f'<line class="i" x1="{x}" x2="{x}" y1="{up(it.without + more - half)}" y2="{up(it.without + more + half)}"/>'
        yield (
            f'<rect class="p" x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
            if value == effect.usual
            else f'<circle class="p" cx="{x}" cy="{y}" r="4"/>'
        )


def _below(across: _Scale, effect: Effect, it: Measured) -> Iterator[str]:
    y = HEIGHT - _BOTTOM + 18
    kept: list[float] = []
    for value in sorted(it.values, key=lambda each: (each != it.values[0], each != effect.usual)):
        x = across(value)
        if all(abs(x - other) >= 34 for other in kept):  # labels that do not touch
            kept.append(x)
            words = (
                ("without the rule", "with it")[int(value)]
                if effect.instead is not None
                else f"{value:g}".replace("-", "−")
            )
            yield f'<text class="s" x="{x}" y="{y}" text-anchor="middle">{words}</text>'
    if effect.instead is None:
        yield f'<text class="t" x="{(_LEFT + WIDTH - _RIGHT) / 2:g}" y="{y + 18}" text-anchor="middle">{effect.parameter}</text>'
    yield f'<circle class="o" cx="{_LEFT + 5}" cy="{HEIGHT - 13}" r="4"/>'
    yield f'<text class="s" x="{_LEFT + 15}" y="{HEIGHT - 9}">without</text>'
    yield f'<rect class="p" x="{_LEFT + 71}" y="{HEIGHT - 17}" width="8" height="8"/>'
    yield f'<text class="s" x="{_LEFT + 84}" y="{HEIGHT - 9}">as shipped, with 95 % interval</text>'


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
