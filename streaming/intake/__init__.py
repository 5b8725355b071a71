"""The way in: from the bytes of a source to drafts of the ledger."""
