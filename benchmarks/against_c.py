"""
Two kernels beside the same rules written in C and compiled with -O3: what everybody does every month, and a choice.

The C code reads the very same rows, and must give the same bits. Without -ffast-math, and without contracting a
multiplication and an addition into one, which would round otherwise.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numba

from retainsim.market import Market, load_preset
from retainsim.market import purposes as for_
from retainsim.market.engine import World
from retainsim.market.law import centred, choose, clamp, fade, known_firms
from retainsim.market.month import FIELDS as MONTH_FIELDS
from retainsim.market.person import FIELDS, ROW_BYTES, USED_BYTES
from retainsim.market.streams import drawn, stream_of


@attrs.frozen(kw_only=True)
class Beside:
    """
    One kernel in both languages.

    Attributes:
        name: What it does.
        ours: Nanoseconds a person, compiled by Numba.
        c: The same in C.
        same: Whether all bits are equal.
    """

    name: str
    ours: float
    c: float
    same: bool


def _drift(people: Any, at_month: Any, at_rules: Any) -> int:  # noqa: ANN401 # records have no type that can be named
    w, p = at_month[0], at_rules[0]
    for who in range(len(people)):
        c = people[who]
        luck = stream_of(c.key, w.when)
        c.need = clamp(c.need + p.need_drift * centred(luck, for_.NEED_DRIFT), 0.3, 2.0)
        mood = p.satisfaction_return * (p.usual_satisfaction - c.satisfaction)
        mood = mood + p.mood_drift * centred(luck, for_.MOOD_DRIFT)
        c.satisfaction = clamp(c.satisfaction + mood, -1.0, 1.0)
        fade(c, p)
    return 0


def _choice(people: Any, at_month: Any, at_rules: Any) -> int:  # noqa: ANN401 # as above
    w, p = at_month[0], at_rules[0]
    total = 0
    for who in range(len(people)):
        c = people[who]
        luck = stream_of(c.key, w.when)
        total += choose(c, w, known_firms(luck, w), 0.0, drawn(luck, for_.CHOICE), p)
    return total


def measure(n_customers: int = 100_000, repeats: int = 7) -> list[Beside]:
    """Both kernels over the same people, best of several runs in turns."""
    market = Market.draw(load_preset("telecom"), customers=n_customers, seed=1, parameters="fixed")
    world = World(market, compiled=True)
    record, rules = world.month(0).record, market.rules.record()
    with tempfile.TemporaryDirectory() as folder:
        library = _built(Path(folder), rules.dtype.names or ())
        return [
            _beside(name, kernel, getattr(library, name), market, (record, rules), repeats)
            for name, kernel in (("drift", _drift), ("choice", _choice))
        ]


def _beside(
    name: str,
    kernel: Callable[..., int],
    in_c: Any,  # noqa: ANN401 # a function of a library
    market: Market,
    given: tuple[Any, Any],
    repeats: int,
) -> Beside:
    compiled = numba.njit(nogil=True)(kernel)
    ours, theirs = market.people.copy(), market.people.copy()

    def run_c() -> int:
        pointers = (array.ctypes.data_as(ctypes.c_void_p) for array in (theirs, *given))
        return int(in_c(*pointers, ctypes.c_long(len(theirs))))

    same = compiled(ours, *given) == run_c() and ours.tobytes() == theirs.tobytes()
    both = [(_taken(lambda: compiled(ours, *given)), _taken(run_c)) for _ in range(repeats)]
    best_of_ours, best_of_c = (min(times) / len(ours) for times in zip(*both, strict=True))
    return Beside(name=name, ours=best_of_ours, c=best_of_c, same=same)


def _taken(run: Callable[[], Any]) -> float:
    """Nanoseconds of CPU time."""
    start = time.process_time_ns()
    run()
    return time.process_time_ns() - start


def _built(folder: Path, parameters: tuple[str, ...]) -> ctypes.CDLL:
    """The C code, with the layouts of rows, months and parameters written out, as a library."""
    names = {
        ctypes.c_float: "float", ctypes.c_int8: "int8_t", ctypes.c_uint8: "uint8_t", ctypes.c_int16: "int16_t",
        ctypes.c_int32: "int32_t", ctypes.c_int64: "int64_t", ctypes.c_uint64: "uint64_t", ctypes.c_double: "double",
    }  # fmt: skip
    person = [f"{names[field.ctype]} {field.name};" for field in FIELDS]
    month = [
        f"{names[ctype]} {name};" if ctype in names else f"double {name}[{ctype._length_}];"
        for name, ctype, _ in MONTH_FIELDS
    ]
    powers = ",".join(f"{2.0**power!r}" for power in range(-64, 65))
    source = folder / "kernels.c"
    source.write_text(
        "#include <stdint.h>\n#include <math.h>\n"
        f"typedef struct {{ {' '.join(person)} char rest[{ROW_BYTES - USED_BYTES}]; }} Person;\n"
        f"typedef struct {{ {' '.join(month)} }} Month;\n"
        f"typedef struct {{ {' '.join(f'double {name};' for name in parameters)} }} Rules;\n"
        f"static const double POWERS[] = {{{powers}}};\n"
        + "".join(f"static const uint64_t {name} = {getattr(for_, name)}u;\n" for name in _PURPOSES)
        + _SOURCE
    )
    library = folder / "kernels.so"
    subprocess.run(
        ["gcc", "-std=c11", "-O3", "-march=native", "-ffp-contract=off", "-fPIC", "-shared", str(source), "-o", str(library), "-lm"],
        check=True,
    )  # fmt: skip
    return ctypes.CDLL(str(library))


_PURPOSES = ("NEED_DRIFT", "MOOD_DRIFT", "AWARENESS", "CHOICE", "POPULATION", "PRODUCTS")
_SOURCE = """
static inline uint64_t mixed(uint64_t bits) {
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
    return bits ^ (bits >> 31);
}
static inline double drawn(uint64_t stream, uint64_t purpose) {
    return (double)(mixed(stream ^ purpose) >> 11) * 1.1102230246251565e-16;
}
static inline double centred(uint64_t luck, uint64_t purpose) { return 3.4641016151377544 * (drawn(luck, purpose) - 0.5); }
static inline double clamp(double x, double low, double high) { x = x > low ? x : low; return x < high ? x : high; }
static inline double most(double a, double b) { return a > b ? a : b; }
static inline double power_of_e(double x) {
    x = clamp(x, -40.0, 40.0);
    double power = floor(x * 1.4426950408889634 + 0.5);
    double r = x - power * 0.6931471805599453;
    double p = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r / 5040))))));
    return p * POWERS[(int)power + 64];
}
static inline double share_paid(const Person *c) {
    return c->discount == 0 ? 1.0 : 1.0 - (double)c->discount / (c->monthly_fee > 1 ? c->monthly_fee : 1);
}
static inline double months_bound(const Person *c, const Month *w, const Rules *p) {
    if (p->contractual == 0.0) return 0.0;
    int64_t days = c->lock_end_day - w->first_day;
    return (double)(days > 0 ? days : 0) / 30.4;
}

int64_t drift(Person *people, const Month *w, const Rules *p, long count) {
    for (long who = 0; who < count; who++) {
        Person *c = people + who;
        uint64_t luck = mixed(c->key ^ w->when);
        c->need = clamp(c->need + p->need_drift * centred(luck, NEED_DRIFT), 0.3, 2.0);
        double mood = p->satisfaction_return * (p->usual_satisfaction - c->satisfaction);
        mood = mood + p->mood_drift * centred(luck, MOOD_DRIFT);
        c->satisfaction = clamp(c->satisfaction + mood, -1.0, 1.0);
        c->attention = p->attention_left * c->attention;
        c->fatigue = p->fatigue_left * c->fatigue;
        c->hurt = p->hurt_left * c->hurt;
        double moved = p->reference_moves * (share_paid(c) - c->reference) + p->reference_returns * (1.0 - c->reference);
        c->reference = most(c->reference + moved, 0.1);
        c->habit = p->habit_left * c->habit;
    }
    return 0;
}

static inline double suitability(double need, double package) { return most(0.0, 1.0 - fabs(need - package)); }
static inline int is_paused(const Person *c, const Month *w, const Rules *p) {
    return p->contractual != 0.0 && c->paused_until > w->number;
}
static inline double belonging(const Person *c, const Rules *p) {
    int64_t suit = 1 + (int64_t)(6.0 * drawn(mixed(c->key ^ POPULATION), PRODUCTS));
    int64_t fitting = c->products < suit ? c->products : suit;
    double bound = p->product_binds * (fitting - p->usual_products) + p->tier_binds * (c->tier - p->usual_tier);
    if (c->tenure >= 24) bound = bound + p->tenure_benefit_binds;
    if (c->benefit > 0) bound = bound + p->benefit_binds;
    return bound;
}
static inline double staying(const Person *c, const Month *w, const Rules *p) {
    double rooted = c->tenure / (c->tenure + 24.0);
    double bond = p->bond + 0.001 * c->commitment + p->tenure_binds * rooted + p->attention_binds * c->attention;
    bond = bond + belonging(c, p);
    double regret = p->regret_counts * (0.01 * c->regret);
    double felt = p->satisfaction_counts * c->satisfaction + p->trust_counts * c->trust - regret;
    double fit = p->fit_counts * (suitability(c->need, 0.01 * c->package) - 0.8);
    double paid = is_paused(c, w, p) ? 0.0 : share_paid(c);
    return bond + felt + fit - 0.001 * c->price_taste * (paid / c->reference - 1.0);
}
static inline double going(const Person *c, int firm, const Month *w, const Rules *p) {
    double trouble = p->switching + p->penalty * months_bound(c, w, p) / 12.0;
    double dearer = w->price[firm] / c->reference - 1.0;
    double known = 0.001 * c->quality_taste * w->quality[firm] + p->reputation_counts * w->reputation[firm];
    return known - 0.001 * c->price_taste * dearer - trouble;
}
static inline double going_without(const Person *c, const Month *w, const Rules *p) {
    double gain = c->need_state == 0 || is_paused(c, w, p) ? p->without - p->need_counts * c->need : p->need_gone;
    return gain - p->penalty * months_bound(c, w, p) / 12.0;
}

int64_t choice(Person *people, const Month *w, const Rules *p, long count) {
    int64_t sum = 0;
    for (long who = 0; who < count; who++) {
        const Person *c = people + who;
        uint64_t luck = mixed(c->key ^ w->when);
        double u = drawn(luck, AWARENESS);
        int known = 0;
        for (int firm = 1; firm < w->n_firms; firm++) {
            u = u * 1024.0;
            double digits = floor(u);
            u = u - digits;
            if (digits < 1024.0 * w->awareness[firm]) known |= 1 << firm;
        }
        double stay = power_of_e(staying(c, w, p) + 0.0);
        double total = stay + power_of_e(going_without(c, w, p));
        for (int firm = 1; firm < w->n_firms; firm++)
            if (known & (1 << firm)) total = total + power_of_e(going(c, firm, w, p));
        double mark = drawn(luck, CHOICE) * total - stay;
        int chosen = (int)w->n_firms;
        if (mark < 0.0) chosen = 0;
        else
            for (int firm = 1; firm < w->n_firms; firm++)
                if (known & (1 << firm)) {
                    mark = mark - power_of_e(going(c, firm, w, p));
                    if (mark < 0.0) { chosen = firm; break; }
                }
        sum += chosen;
    }
    return sum;
}
"""
