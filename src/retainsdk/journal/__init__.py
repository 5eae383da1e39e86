"""The journal: how a book is written and read."""

from retainsdk.journal.adopting import Examined, History
from retainsdk.journal.ids import derived_id, new_id
from retainsdk.journal.instants import aware, bound_text, now, utc_text
from retainsdk.journal.journal import Decision, Feed, How, Journal
from retainsdk.journal.limits import refuse_unfit
from retainsdk.journal.reading import collector_at_rest, fold_row, fold_rows

__all__ = [
    "Decision",
    "Examined",
    "Feed",
    "History",
    "How",
    "Journal",
    "aware",
    "bound_text",
    "collector_at_rest",
    "derived_id",
    "fold_row",
    "fold_rows",
    "new_id",
    "now",
    "refuse_unfit",
    "utc_text",
]
