"""Pages that are no scenes: their values, ready for a template."""
