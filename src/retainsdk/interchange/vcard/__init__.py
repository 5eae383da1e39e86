"""
Customers as contact cards (vCard), as phones and mail programs exchange them.

What is exported and imported again is the same; what is imported twice is there once. Address books are shown what
they have a property for; what only a book knows stands beside it in properties of our own, which others leave alone.
"""

from retainsdk.interchange.vcard.files import CardReport, export_vcards, import_vcards

__all__ = ["CardReport", "export_vcards", "import_vcards"]
