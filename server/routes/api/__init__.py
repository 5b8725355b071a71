"""Routes for programs, a file per noun, as in the paths."""
