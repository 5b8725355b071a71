"""The map: hexagons, names on it, and how a page draws it."""
