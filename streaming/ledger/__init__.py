"""The ledger: rows on disk, each once, in one order."""
