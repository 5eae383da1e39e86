from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.action import Claim, MoveKind
from retainsdk.customer.partial_date import PartialDate
from retainsdk.quantities import Money
from retainsim.training.typed import Language, Period, Slots, slots_for
from retainsim.training.typed.examples import CLASSES, examples

DISCOUNT, PAUSE, PROMISE = MoveKind.OFFER_DISCOUNT, MoveKind.OFFER_PAUSE, MoveKind.PROMISE_FOLLOW_UP
FIT, COMPARE = MoveKind.PROPOSE_FIT, MoveKind.COMPARE_COMPETITOR


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "I can give you 20% off for six months",
            Slots(percent=Decimal(20), period=Period(6, "month")),
        ),
        ("en", "$10 less for the next year", Slots(money=Money(10, "USD"), period=Period(1, "year"))),
        ("en", "ten dollars less for half a year", Slots(money=Money(10, "USD"), period=Period(6, "month"))),
        ("en", "twenty-five percent", Slots(percent=Decimal(25))),
        ("en", "1,200.50 euros", Slots(money=Money("1200.50", "EUR"))),
        ("en", "39.90 NIS", Slots(money=Money("39.90", "ILS"))),
        ("he", "20% הנחה לחצי השנה הקרובה", Slots(percent=Decimal(20), period=Period(6, "month"))),
        ("he", "אוריד לך עשרה שקלים לשנה הקרובה", Slots(money=Money(10, "ILS"), period=Period(1, "year"))),
        ("he", "חמישה עשר אחוז לשלושה חודשים", Slots(percent=Decimal(15), period=Period(3, "month"))),
        ("he", "עשרים וחמישה אחוזים לחודשיים", Slots(percent=Decimal(25), period=Period(2, "month"))),
        ("he", 'ב-50 ש"ח פחות', Slots(money=Money(50, "ILS"))),
        ("he", "₪30 בחודש", Slots(money=Money(30, "ILS"))),
        ("he", "20% פחות לשנה", Slots(percent=Decimal(20), period=Period(1, "year"))),
    ],
)
def test_a_discount_has_the_amount_and_the_duration_that_were_said(
    language: Language, text: str, expected: Slots
) -> None:
    assert slots_for(DISCOUNT, text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "freeze it for 3 months", Slots(period=Period(3, "month"))),
        ("en", "on hold until May 5", Slots(day=PartialDate(5, 5))),
        ("he", "להקפיא ל-3 חודשים", Slots(period=Period(3, "month"))),
        ("he", "נקפיא לשבועיים", Slots(period=Period(2, "week"))),
        ("he", "הקפאה עד 12 במאי", Slots(day=PartialDate(5, 12))),
    ],
)
def test_a_pause_has_its_duration_or_its_last_day(language: Language, text: str, expected: Slots) -> None:
    assert slots_for(PAUSE, text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "I'll call you tomorrow at ten", Slots(in_days=1, at=time(10))),
        ("en", "the day after tomorrow", Slots(in_days=2)),
        ("en", "on Thursday at 4 pm", Slots(weekday=3, at=time(16))),
        ("en", "by March 12, 2027 at 10:30", Slots(day=PartialDate(3, 12, 2027), at=time(10, 30))),
        ("en", "by the 15th of March", Slots(day=PartialDate(3, 15))),
        ("en", "on 2027-02-03", Slots(day=PartialDate(2, 3, 2027))),
        ("en", "within 48 hours", Slots(period=Period(48, "hour"))),
        ("en", "by noon", Slots(at=time(12))),
        ("en", "at 12 a.m.", Slots(at=time(0))),
        ("he", "מחר בעשר", Slots(in_days=1, at=time(10))),
        ("he", "מחרתיים", Slots(in_days=2)),
        ("he", "ביום ה' בארבע אחר הצהריים", Slots(weekday=3, at=time(16))),
        ("he", "בשבת בשמונה בערב", Slots(weekday=5, at=time(20))),
        ("he", "ביום שני ב-12", Slots(weekday=0, at=time(12))),
        ("he", "ב-12.3 בשעה 14:00", Slots(day=PartialDate(3, 12), at=time(14))),
        ("he", "עד 12.3.2027", Slots(day=PartialDate(3, 12, 2027))),
        ("he", "תוך שבוע", Slots(period=Period(1, "week"))),
        ("he", "ב-12 במרץ ב-10", Slots(day=PartialDate(3, 12), at=time(10))),
        ("he", "תוך שְׁלוֹשָׁה ימים", Slots(period=Period(3, "day"))),
    ],
)
def test_a_promise_has_the_day_and_the_hour_that_were_said(
    language: Language, text: str, expected: Slots
) -> None:
    assert slots_for(PROMISE, text, language) == expected


@pytest.mark.parametrize(
    ("language", "move", "text"),
    [
        ("en", DISCOUNT, "20 a month"),  # of what?
        ("en", DISCOUNT, "60 dollars instead of 80 dollars"),  # which?
        ("en", DISCOUNT, "€ 1.200"),  # a thousand, or one?
        ("en", DISCOUNT, "150% of what you hoped"),
        ("en", PROMISE, "between 8 and 10"),
        ("en", PROMISE, "before five"),  # in the morning?
        ("en", PROMISE, "two weeks ago you called"),
        ("en", PROMISE, "on Monday or Tuesday"),
        ("en", PROMISE, "on 2027-02-31"),
        ("en", PROMISE, "at 25:00"),
        ("en", PROMISE, "by 10 percent"),
        ("en", PROMISE, "03/04"),  # April or March?
        ("he", DISCOUNT, "39.90 לחודש"),
        ("he", PROMISE, "לפני חודשיים"),
        ("he", PROMISE, "בין 8 ל-10"),
        ("he", PROMISE, "באחת עשרה וחצי"),
        ("he", PROMISE, "ב-15 לחודש"),
    ],
)
def test_what_is_not_plain_stays_empty(language: Language, move: MoveKind, text: str) -> None:
    assert slots_for(move, text, language) == Slots()


def test_a_move_takes_only_what_it_has_room_for() -> None:
    text = "Because you have been with us six years, you get 10% for two months."

    assert slots_for(MoveKind.EXPLAIN_VALUE, text, "en") == Slots()
    assert slots_for(MoveKind.APOLOGISE, text, "en") == Slots()


@given(
    text=st.text(alphabet="0123456789 .,:%$₪/-אבחודשלייםתtenmonhsa", max_size=40),
    language=st.sampled_from(["en", "he"]),
    move=st.sampled_from([DISCOUNT, PAUSE, PROMISE]),
)
def test_anything_at_all_may_stand_in_a_text(text: str, language: Language, move: MoveKind) -> None:
    found = slots_for(move, text, language)

    assert found.percent is None or 0 < found.percent <= 100
    assert found.period is None or found.period.count > 0


@given(percent=st.integers(1, 100), months=st.integers(2, 36), language=st.sampled_from(["en", "he"]))
def test_every_percentage_and_duration_is_read_as_it_is_written(
    percent: int, months: int, language: Language
) -> None:
    text = {
        "en": f"I'll take {percent}% off for {months} months.",
        "he": f"אוריד לך {percent}% ל-{months} חודשים.",
    }

    found = slots_for(DISCOUNT, text[language], language)

    assert found == Slots(percent=Decimal(percent), period=Period(months, "month"))


PACKAGES = {
    "en": ["the basic package", "the standard package", "the plus package", "the complete package"],
    "he": ["החבילה הבסיסית", "החבילה הרגילה", "החבילה המורחבת", "החבילה המלאה"],
}


@pytest.mark.parametrize(
    ("language", "text", "package"),
    [
        ("en", "The basic one would do.", 0),
        ("en", "I'd move you to the complete package", 3),
        ("en", "a package that fits you better", None),
        ("en", "not the basic one but the standard one", None),
        ("he", "הייתי מעביר אותך לחבילה הרגילה", 1),
        ("he", "חבילה בסיסית תספיק לך", 0),
        ("he", "נמצא לך חבילה מתאימה", None),
    ],
)
def test_a_package_is_known_by_what_tells_its_name_from_the_others(
    language: Language, text: str, package: int | None
) -> None:
    assert slots_for(FIT, text, language, packages=PACKAGES[language]).package == package


CHEAPER, QUALITY, BIND = Claim.WE_ARE_CHEAPER, Claim.OUR_QUALITY_IS_BETTER, Claim.THEY_BIND_LONGER


@pytest.mark.parametrize(
    ("language", "text", "claim"),
    [
        ("en", "Nobody is cheaper than we are.", CHEAPER),
        ("en", "You won't find it any cheaper.", CHEAPER),
        ("en", "We're the cheapest in the market", CHEAPER),
        ("en", "The others are all more expensive.", CHEAPER),
        ("en", "Our network is simply the best.", QUALITY),
        ("en", "None of them is as good as we are.", QUALITY),
        ("en", "All of them tie you in for longer.", BIND),
        ("en", "With any of them you'd be locked in longer", BIND),
        ("he", "אנחנו הכי זולים בשוק", CHEAPER),
        ("he", "לא תמצאי בשום מקום פחות", CHEAPER),
        ("he", "כל האחרים יקרים יותר", CHEAPER),
        ("he", "האיכות שלנו הכי טובה", QUALITY),
        ("he", "אף אחד מהם לא טוב כמונו", QUALITY),
        ("he", "אצל כולם ההתחייבות ארוכה יותר", BIND),
        ("en", "They ask $39 and tie you in for two years.", None),
        ("en", "Let's compare their offer with ours.", None),
        ("en", "I can't say we're the cheapest.", None),
        ("en", "We're not the cheapest.", None),
        ("en", "Nobody is cheaper, and our network is the best.", None),
        ("he", "אצלם המחיר נמוך יותר, אבל ההתחייבות לשנתיים", None),
        ("he", "אנחנו לא הכי זולים", None),
        ("he", "אני לא אומר שאנחנו הכי זולים", None),
    ],
)
def test_a_claim_about_all_competitors_is_heard_and_what_is_true_of_one_is_none(
    language: Language, text: str, claim: Claim | None
) -> None:
    assert slots_for(COMPARE, text, language) == Slots(claim=claim)


@pytest.mark.parametrize("language", ["en", "he"])
def test_no_example_of_an_honest_comparison_is_taken_for_a_claim(language: Language) -> None:
    known = examples(language)
    texts = [
        text
        for text, label in zip(known.texts, known.labels, strict=True)
        if CLASSES[label] == "compare_competitor"
    ]

    assert [text for text in texts if slots_for(COMPARE, text, language).claim is not None] == []


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        ("en", "I'll call you tomorrow", 1),
        ("en", "within two weeks", 14),
        ("en", "by Tuesday", 6),
        ("en", "by Wednesday", 7),
        ("en", "by 9 July", 8),
        ("en", "by Tuesday, that is by 7 July", 6),
        ("en", "by Monday, that is by 7 July", None),
        ("en", "in an hour", None),
        ("en", "soon", None),
        ("he", "אחזור אליך מחר", 1),
        ("he", "תוך שבוע", 7),
        ("he", "עד יום ראשון", 4),
        ("he", "עד 3.7", 2),
    ],
)
def test_a_promise_says_in_how_many_days(language: Language, text: str, days: int | None) -> None:
    wednesday = date(2026, 7, 1)

    assert slots_for(PROMISE, text, language).days_from(wednesday) == days


def test_a_day_of_the_calendar_is_the_next_one() -> None:
    said = slots_for(PROMISE, "by 5 January", "en")

    assert said.days_from(date(2026, 12, 31)) == 5
    assert slots_for(PROMISE, "on 2026-07-02", "en").days_from(date(2026, 7, 3)) is None


def test_money_off_is_in_the_currency_of_the_call_and_months_are_whole() -> None:
    said = slots_for(DISCOUNT, "$10 off for a year", "en")

    assert (said.off(5_000, "USD"), said.off(5_000, "ILS"), said.months) == (1_000, 0, 12)
    assert slots_for(DISCOUNT, "12.5% off for two weeks", "en").off(5_000, "USD") == 625
    assert slots_for(DISCOUNT, "12.5% off for two weeks", "en").months == 0
