"""Decisions: rows in which somebody has set how the ledger is to be read. ``kinds`` is the table of them."""
