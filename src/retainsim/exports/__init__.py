"""Results as people read them: a page, a table in the terminal, files that are whole or absent."""

from retainsim.exports.report import page
from retainsim.exports.tables import comparison_table

__all__ = ["comparison_table", "page"]
