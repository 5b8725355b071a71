"""The data folder: its files, which of them belong together, and whether they can be read."""
