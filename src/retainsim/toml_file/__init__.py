"""Files in TOML that people write: presets and scenarios. What may stand in them, and what is wrong, all of it at once."""

from retainsim.toml_file.findings import Findings, shown
from retainsim.toml_file.form import NAME, Form, is_line, is_number, is_words, within
from retainsim.toml_file.lines import Path, lines_of
from retainsim.toml_file.text import is_path, no_toml, text_in

__all__ = [
    "NAME",
    "Findings",
    "Form",
    "Path",
    "is_line",
    "is_number",
    "is_path",
    "is_words",
    "lines_of",
    "no_toml",
    "shown",
    "text_in",
    "within",
]
