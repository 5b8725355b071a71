"""The pictures that operators upload."""
