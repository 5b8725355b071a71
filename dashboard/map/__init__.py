"""The map: its cells (hexagons, or the true land of units), the names and numbers on it, and how a page draws it."""
