"""Routes, a file per noun, as in the paths."""
