"""Who asks: people, sources and screens, and what each may do."""
