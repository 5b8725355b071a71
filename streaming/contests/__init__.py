"""Contests: what is asked of whom and when, and the folders that say so."""
