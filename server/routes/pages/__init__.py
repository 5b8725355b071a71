"""Routes of pages, a file per noun, as in the paths."""
