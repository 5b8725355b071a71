"""The audit: counting the ledger again, apart from the running code."""
