"""
What a seller says of all competitors, in typed words: that they cost more, are no better, or bind for longer.

Only what is said of them all is a claim; what one of them asks or offers is a comparison. Whoever says what he would
not say claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from retainsdk.action import Claim

__all__ = ["claims"]

_QUALITY_EN = r"(?:quality|service|network|coverage|reception|product|support)"
_QUALITY_HE = r"(?:ה?איכות|ה?שירות|ה?רשת|ה?קליטה|ה?מוצר|ה?תמיכה)"

_HE = r"(?<!\w)[ושכ]{0,2}"
"""Where a Hebrew word begins, with what may be written together with it."""

_PATTERNS: Mapping[Literal["en", "he"], Mapping[Claim, tuple[str, ...]]] = {
    "en": {
        Claim.WE_ARE_CHEAPER: (
            r"\bwe(?:'re| are) (?:still |simply |just |by far )?(?:the )?(?:cheaper|cheapest|least expensive)\b",
            r"\b(?:nobody|no one|no-one|none of them)\b(?: else)?(?: [\w']+){0,3} (?:is |are )?(?:cheaper|less than (?:we|us)|a (?:better|lower) price)",
            r"\b(?:won't|will not|can't|cannot) (?:find|get|pay)(?: [\w']+){0,4} (?:cheaper|less|(?:better|lower) price)\b",
            r"\b(?:the others|everybody else|everyone else|all of them|(?:all )?the competitors)(?: are| is) (?:all )?(?:more expensive|dearer|pricier)\b",
            r"\bour prices? (?:is|are) the (?:lowest|best)\b",
        ),
        Claim.OUR_QUALITY_IS_BETTER: (
            rf"\bour {_QUALITY_EN} is (?:much |far |simply |by far )?(?:better|(?:the )?best)\b",
            rf"\bwe have (?:the )?(?:best|better) {_QUALITY_EN}\b",
            r"\bwe(?:'re| are) (?:simply |just |by far )?the best\b",
            rf"\b(?:nobody|no one|no-one|none of them)\b(?: [\w']+){{0,4}} (?:as good as (?:we|us|ours)|(?:better|such) {_QUALITY_EN})",
            rf"\b(?:all )?their {_QUALITY_EN} is (?:much |far )?(?:worse|poor)\b",
        ),
        Claim.THEY_BIND_LONGER: (
            r"\b(?:all of them|the others|everybody else|everyone else|they all|any of them|anybody else|anyone else)\b(?: [\w']+){0,6} (?:for )?longer\b",
            r"\b(?:nobody|no one|no-one|none of them)\b(?: [\w']+){0,4} (?:lets you (?:leave|go)|shorter)\b",
        ),
    },
    "he": {
        Claim.WE_ARE_CHEAPER: (
            rf"{_HE}אנחנו (?:פשוט |עדיין )?(?:ה?כי )?ה?זולים(?! לא)",
            rf"{_HE}אף אחד(?: [\w']+){{0,3}} (?:יותר זול|זול מאיתנו|זול יותר|פחות מאיתנו|מחיר טוב יותר|מחיר נמוך יותר)",
            rf"{_HE}לא ת(?:מצא|מצאי|שלם|שלמי|קבל|קבלי)(?: [\w']+){{0,4}} (?:פחות|זול)",
            rf"{_HE}(?:כולם|כל השאר|כל האחרים|כל המתחרים) (?:יותר )?יקרים",
            rf"{_HE}המחיר (?:שלנו|אצלנו) (?:הוא )?(?:הכי נמוך|הנמוך ביותר|הכי טוב)",
        ),
        Claim.OUR_QUALITY_IS_BETTER: (
            rf"{_HE}{_QUALITY_HE} (?:שלנו|אצלנו) (?:הרבה |פשוט )?(?:יותר |הכי )?(?:טוב|טובה|גבוהה)(?!\w)",
            rf"{_HE}אנחנו (?:פשוט )?(?:הכי טובים|הטובים ביותר)",
            rf"{_HE}(?:לאף אחד|אצל אף אחד|אף אחד)(?: [\w']+){{0,4}} (?:טוב כמונו|{_QUALITY_HE} כמו)",
            rf"{_HE}{_QUALITY_HE} (?:של כולם|אצל כולם|של כל האחרים|אצל כל האחרים) (?:הרבה )?(?:גרוע|גרועה|פחות טוב|פחות טובה)(?!\w)",
        ),
        Claim.THEY_BIND_LONGER: (
            rf"{_HE}(?:אצל )?(?:כולם|כל השאר|כל האחרים|כל המתחרים|כל אחד מהם)(?: [\w']+){{0,4}} (?:ליותר זמן|יותר זמן|ארוכה יותר|ארוכה משלנו|לתקופה ארוכה)",
            rf"{_HE}אצל אף אחד(?: [\w']+){{0,4}} (?:קצרה יותר|קצר יותר)",
        ),
    },
}
_UNSAID: Mapping[Literal["en", "he"], str] = {
    "en": r"(?:\b(?:not|cannot|never)|n't) (?:\w+ ){0,2}?(?:say|saying|claim|claiming|tell|telling|promise)\b",
    "he": r"(?<!\w)(?:לא|אי אפשר) (?:\w+ ){0,2}?(?:אומר|אומרת|אגיד|להגיד|לומר|טוען|טוענת|מבטיח|מבטיחה)(?!\w)",
}


def claims(text: str, language: Literal["en", "he"]) -> Iterator[Claim]:
    """
    What is claimed in a text.

    Args:
        text: In lower case, with straight signs.
        language: Of it.

    >>> list(claims("nobody else is cheaper, and our network is better.", "en"))
    [<Claim.WE_ARE_CHEAPER: 0>, <Claim.OUR_QUALITY_IS_BETTER: 1>]
    >>> list(claims("i won't say we're the cheapest.", "en"))
    []
    """
    for sentence in re.split(r"[.!?]\s+", text):
        if not re.search(_UNSAID[language], sentence):
            for claim, patterns in _PATTERNS[language].items():
                if any(re.search(pattern, sentence) for pattern in patterns):
                    yield claim
