"""Where participations come from: one file per origin."""
