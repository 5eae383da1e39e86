"""What people of a market are called: names by their keys, some in Hebrew letters, as customers write them."""

from __future__ import annotations

from retainsdk.vocabulary import Kind
from retainsim.market.streams import key_of, mixed

_FIRST = (
    ("Ada", "Adam", "Alma", "Amir", "Anna", "Ben", "Clara", "Daniel", "David", "Dina", "Elena", "Emil", "Eva", "Grace",
     "Hannah", "Ivan", "Jacob", "Jana", "Jonas", "Laila", "Leo", "Lina", "Maria", "Mark", "Maya", "Mona", "Nadia",
     "Oscar", "Paul", "Rita", "Rosa", "Ruth", "Sam", "Sara", "Simon", "Sofia", "Tom", "Vera", "Yara", "Zoe"),
    ("אבי", "אורית", "אילן", "אסתר", "גיל", "דוד", "דנה", "הדס", "זיו", "חנה", "טל", "יואב", "יעל", "ליאור", "מאיה", "מיכל",
     "משה", "נועה", "עומר", "ענת", "רונית", "רותם", "שירה", "תמר"),
)  # fmt: skip
_LAST = (
    ("Abel", "Adler", "Baker", "Bauer", "Berg", "Brook", "Carter", "Cole", "Diaz", "Ellis", "Ferrari", "Fischer",
     "Fox", "Garcia", "Green", "Haddad", "Hall", "Hill", "Ivanova", "Jensen", "Khan", "Klein", "Kovacs", "Lang", "Lopez",
     "Mayer", "Moreau", "Nagy", "Novak", "Olsen", "Park", "Quinn", "Reed", "Rossi", "Silva", "Stone", "Turner",
     "Vogel", "Weber", "Young"),
    ("אברהם", "אדרי", "ביטון", "בן דוד", "ברק", "גולן", "דהן", "הראל", "חדד", "כהן", "לוי", "מזרחי", "מלכה", "נחום", "עמר",
     "פרץ", "צור", "קפלן", "רוזן", "שחר", "שלום", "שפירא"),
)  # fmt: skip
_HOUSES = ("Acorn", "Amber", "Arrow", "Atlas", "Bright", "Cedar", "Copper", "Delta", "Ember", "Falcon", "Granite",
           "Harbour", "Indigo", "Juniper", "Lantern", "Maple", "North", "Orchard", "Pioneer", "River", "Summit",
           "Tandem", "Vista", "Willow")  # fmt: skip
_TRADES = ("Dental", "Design", "Engineering", "Foods", "Freight", "Insurance", "Interiors", "Labs", "Legal",
           "Logistics", "Media", "Partners", "Press", "Schools", "Tools", "Travel")  # fmt: skip
_ONE_IN_HEBREW = 4
"""Of so many."""


def name_of(key: int, kind: Kind) -> str:
    """
    What somebody is called, by his key; two may share a name, as people do.

    >>> name_of(1, Kind.PERSON) == name_of(1, Kind.PERSON)
    True
    """
    luck = mixed(key ^ key_of("chronicle", "name"))
    script = 1 if luck % _ONE_IN_HEBREW == 0 else 0
    first, last = _FIRST[script], _LAST[script]
    one, other = luck >> 8 & 0xFFFF, luck >> 24 & 0xFFFF
    if kind is Kind.ORGANISATION:
        return f"{_HOUSES[one % len(_HOUSES)]} {_TRADES[other % len(_TRADES)]}"
    if kind is Kind.HOUSEHOLD:
        return f"משפחת {last[other % len(last)]}" if script else f"{last[other % len(last)]} family"
    return f"{first[one % len(first)]} {last[other % len(last)]}"
