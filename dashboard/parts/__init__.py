"""Parts: what scenes are made of. Each paints its first value here and every later one in the browser."""
