"""Connection points: what one is, and what the ceremony knows of it."""
