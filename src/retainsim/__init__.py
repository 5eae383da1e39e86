"""Synthetic markets that train salespeople and test retention policies against control groups."""
