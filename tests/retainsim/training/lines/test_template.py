"""The notation of lines: slots, forms by gender, and how Hebrew prefixes join what they stand before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsim.training.lines import Filler, Gender, Template, isolated

HIM, HER = Gender.MASCULINE, Gender.FEMININE
SERVICE = Filler(text="השירות", gender=HIM, article=True)
POLICY = Filler(text="הפוליסה", gender=HER, article=True)
GOLD = Filler(text="כרטיס הזהב", gender=HIM)


def said(text: str, me: Gender = HIM, you: Gender = HIM, **fill: Filler) -> str:
    return Template(text).said(me=me, you=you, fill=fill)


def test_curly_braces_point_at_the_other_and_square_brackets_at_oneself() -> None:
    line = "אני [שמח|שמחה] ש{אתה נשאר|את נשארת}"

    assert said(line, HIM, HIM) == "אני שמח שאתה נשאר"
    assert said(line, HER, HIM) == "אני שמחה שאתה נשאר"
    assert said(line, HIM, HER) == "אני שמח שאת נשארת"
    assert said(line, HER, HER) == "אני שמחה שאת נשארת"


def test_forms_agree_with_what_stands_in_a_slot() -> None:
    assert said("{service} {service:יקר|יקרה}", service=SERVICE) == "השירות יקר"
    assert said("{service} {service:יקר|יקרה}", service=POLICY) == "הפוליסה יקרה"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("אין צורך ב{service}", "אין צורך בשירות"),
        ("לעבור ל{service}", "לעבור לשירות"),
        ("נמאס מ{service}", "נמאס מהשירות"),
        ("חשבתי ש{service} טוב", "חשבתי שהשירות טוב"),
        ("וב{service}", "ובשירות"),
        ("את {service}", "את השירות"),
    ],
)
def test_a_prefix_takes_in_the_article_where_hebrew_does(line: str, expected: str) -> None:
    assert said(line, service=SERVICE) == expected


def test_a_noun_without_an_article_loses_nothing() -> None:
    assert said("ב{service}", service=GOLD) == "בכרטיס הזהב"
    assert said("ל{name}", name=Filler(text="הדס")) == "להדס"


def test_a_figure_or_a_latin_name_is_joined_by_a_hyphen() -> None:
    assert said("ל{months}", months=Filler(text="12 חודשים")) == "ל-12 חודשים"
    assert said("ל{months}", months=Filler(text="חודשיים")) == "לחודשיים"
    assert said("מ{firm}", firm=Filler(text=isolated("Promo"))) == "מ-\u2068Promo\u2069"


def test_words_may_have_marks_of_their_own_but_names_are_never_read_as_marks() -> None:
    assert said("{use}.", HER, use=Filler(text="אני [גר|גרה]", marked=True)) == "אני גרה."
    assert said("{name}.", name=Filler(text="[א|ב] {x}")) == "[א|ב] {x}."


@given(st.text(alphabet="אבג {}[]|:a_", max_size=30))
def test_any_text_is_taken_apart_without_loss(text: str) -> None:
    template = Template(text)
    fill = dict.fromkeys(template.slots, Filler(text=""))

    told = {template.said(me=me, you=you, fill=fill) for me in Gender for you in Gender}

    if not template.slots and not template.forms:
        assert told == {text}
    assert len(told) == 1 or any(form.his != form.hers for form in template.forms)
