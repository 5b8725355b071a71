"""The fold of the ledger's rows: a function of the rows, and of nothing else."""
