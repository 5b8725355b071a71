"""Files that an office works with."""
