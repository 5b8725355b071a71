"""Words: numbers, dates, names and texts as a screen says them."""
