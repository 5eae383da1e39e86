"""The journal: how a book is written and read."""

from retainsdk.journal.adopting import Entry, Examined
from retainsdk.journal.ids import derived_id, new_id
from retainsdk.journal.instants import aware, now, utc_text
from retainsdk.journal.journal import Decision, How, Journal
from retainsdk.journal.reading import collector_at_rest, fold_row, fold_rows

__all__ = [
    "Decision",
    "Entry",
    "Examined",
    "How",
    "Journal",
    "aware",
    "collector_at_rest",
    "derived_id",
    "fold_row",
    "fold_rows",
    "new_id",
    "now",
    "utc_text",
]
