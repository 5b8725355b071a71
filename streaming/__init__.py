"""The number, from arrival to frame."""
