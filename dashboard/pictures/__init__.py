"""Pictures that operators upload: what is taken in, and where it stands."""
