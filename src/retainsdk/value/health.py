"""Health: how well a relationship stands, from 0 to 100, with every reason that takes something from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import NamedTuple

import attrs

from retainsdk.record.signal import Signal
from retainsdk.value.score import Part, Score, added
from retainsdk.vocabulary import Severity

BEST = Decimal(100)


@attrs.frozen(kw_only=True)
class Signs:
    """
    What health is worked out from, in plain figures.

    Attributes:
        signals: Those that nobody has cleared.
        silent_days: Since a person of ours and he were last in touch; none when they never were.
        away_days: Since he last came or bought; none when that is not known.
        usual_gap_days: How long he usually stays away; none when he has no habit yet.
        usage_trend: Change of his use from one month to the next, as a share of what is included.
        complaints_open: Complaints that wait.
        complaints_again: Complaints that came back.
        threats_open: Threats to leave that wait.
        promises_broken: Broken and not made good.
        promises_remedied: Broken and made good.
        payments_late: Invoices that are late or were.
        survey: His last answer, 0 to 10; none when there is none.
    """

    signals: Sequence[Signal] = ()
    silent_days: int | None = None
    away_days: int | None = None
    usual_gap_days: float | None = None
    usage_trend: float | None = None
    complaints_open: int = 0
    complaints_again: int = 0
    threats_open: int = 0
    promises_broken: int = 0
    promises_remedied: int = 0
    payments_late: int = 0
    survey: float | None = None


@attrs.frozen(kw_only=True)
class HealthModel:
    """
    Points that each sign takes from 100. They are judgements, not measurements: fit your own against who left.

    Attributes:
        name: And …
        version: … of the model, named by every part it makes.
        severity: Points by the severity of a signal nobody has cleared. A friendly one takes none, and gives none.
        quiet_days: Silence up to this many days takes nothing.
        per_quiet_month: For every 30 days of silence more, up to `most_for_silence`.
        most_for_silence: The most that silence takes.
        longer_away: When he has stayed away more than twice as long as usual.
        less_use: When his use fell by a tenth or more of what is included.
        complaint_open: For each.
        complaint_again: For each.
        threat_open: For each.
        promise_broken: For each not made good.
        promise_remedied: For each made good: trust comes back slowly.
        payment_late: For each.
        per_survey_point: For every point below 8 in his last answer.
        at_risk_below: Health below this is a relationship at risk.
    """

    name: str = "points"
    version: str = "1"
    severity: Mapping[Severity, int] = attrs.field(
        factory=lambda: {Severity.FRIENDLY: 0, Severity.NOTE: 3, Severity.WARNING: 10, Severity.ALARM: 25}
    )
    quiet_days: int = 60
    per_quiet_month: int = 5
    most_for_silence: int = 25
    longer_away: int = 10
    less_use: int = 10
    complaint_open: int = 10
    complaint_again: int = 10
    threat_open: int = 40
    promise_broken: int = 15
    promise_remedied: int = 4
    payment_late: int = 4
    per_survey_point: int = 3
    at_risk_below: int = 60

    @property
    def source(self) -> str:
        """How its parts name it."""
        return f"model {self.name} {self.version}"


DEFAULT_MODEL = HealthModel()

_CONTENT = 8
_MUCH_LONGER = 2
_LESS_USE = -0.1


@attrs.frozen(kw_only=True)
class Health:
    """
    How well a relationship stands.

    Attributes:
        score: 0 to 100, with the reasons.
        at_risk: The rule by which it is at risk; empty when it is not.
    """

    score: Score
    at_risk: str

    def __str__(self) -> str:
        return f"{self.score}" + (f"\n  at risk: {self.at_risk}" if self.at_risk else "")


def health(signs: Signs, *, model: HealthModel = DEFAULT_MODEL, others: Iterable[Part] = ()) -> Health:
    """
    The health of a relationship: 100 less what each sign takes, and never below 0.

    A signal takes its points until it is cleared, and none gives any, so health never rises by one more signal.

    Args:
        signs: His figures.
        model: Of the points.
        others: What others take away besides, each part of 0 points or less.
    """
    taken = [
        Part(name=one.name, amount=Decimal(-one.points), source=one.source, why=one.why.format(*one.figures))
        for one in _taken(signs, model)
    ]
    taken += others
    parts = [Part(name=_BEGINNING, amount=BEST, source=model.source), *taken]
    left = added(part.amount for part in parts)
    if left < 0:
        parts.append(Part(name="no health below 0", amount=-left, source=model.source))
    score = Score.of("health", "points", parts)
    alarm = next((signal for signal in signs.signals if signal.severity is Severity.ALARM), None)
    at_risk = ""
    if score.value < model.at_risk_below:
        at_risk = f"health {score.value} is below {model.at_risk_below}"
    elif alarm is not None:
        at_risk = f"{alarm.department} raised an alarm ({alarm.kind}) that nobody has cleared"
    return Health(score=score, at_risk=at_risk)


def bare_health(
    signs: Signs, *, model: HealthModel = DEFAULT_MODEL, others: Iterable[Part] = ()
) -> tuple[Decimal | int, str | None]:
    """
    The bare figures of a `Health`, for who asks for many customers and for no reasons.

    Returns:
        0 to 100, and the name of the part that takes most away, the first of equals; none when none does.
    """
    taken: list[tuple[str, Decimal | int]] = [(one.name, one.points) for one in _taken(signs, model)]
    taken += [(part.name, -part.amount) for part in others]
    left = int(BEST) - sum([points for _, points in taken])
    worst, most = max(taken, key=_points, default=("", 0))
    return max(left, 0), worst if most > 0 else None


_points = itemgetter(1)
_BEGINNING = "a relationship without a sign"


class _Taken(NamedTuple):
    # its reason is put into words for who asks: most ask for many customers and for no reasons
    name: str
    points: int
    source: str
    why: str
    figures: tuple[object, ...]


def _taken(signs: Signs, model: HealthModel) -> Iterator[_Taken]:
    for signal in signs.signals:
        yield _Taken(
            _name_of(signal.severity, signal.department),
            model.severity[signal.severity],
            f"signal {signal.number}",
            "{}: {}",
            (signal.kind, signal.evidence),
        )
    for name, points, why, figures in _counted(signs, model):
        if points:
            yield _Taken(name, points, model.source, why, figures)


@cache
def _name_of(severity: Severity, department: str) -> str:
    return f"{severity.name.lower()} of {department}"


def _counted(signs: Signs, model: HealthModel) -> Iterator[tuple[str, int, str, tuple[object, ...]]]:
    silent = signs.silent_days
    if silent is not None and silent > model.quiet_days:
        months = (silent - model.quiet_days + 29) // 30
        points = min(months * model.per_quiet_month, model.most_for_silence)
        yield "silence", points, "{} days without a contact", (silent,)
    away, usual = signs.away_days, signs.usual_gap_days
    if away is not None and usual is not None and away > _MUCH_LONGER * usual:
        yield "stays away", model.longer_away, "{} days, usually {:g}", (away, usual)
    if signs.usage_trend is not None and signs.usage_trend <= _LESS_USE:
        yield "uses less", model.less_use, "{:+.0%} of what is included", (signs.usage_trend,)
    for name, count, points in (
        ("complaints open", signs.complaints_open, model.complaint_open),
        ("complaints that came back", signs.complaints_again, model.complaint_again),
        ("threats to leave", signs.threats_open, model.threat_open),
        ("promises broken", signs.promises_broken, model.promise_broken),
        ("promises broken and made good", signs.promises_remedied, model.promise_remedied),
        ("late payments", signs.payments_late, model.payment_late),
    ):
        if count:
            yield name, count * points, "{}, {} points each", (count, points)
    if signs.survey is not None and signs.survey < _CONTENT:
        missing = round(_CONTENT - signs.survey)
        yield "last survey", missing * model.per_survey_point, "{:g} of 10", (signs.survey,)
