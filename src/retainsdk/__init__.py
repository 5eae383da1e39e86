"""Customers, promises, contracts and what they are worth, as a book."""
