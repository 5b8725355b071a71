"""Rules: what makes numbers look wrong, or worth a word."""
