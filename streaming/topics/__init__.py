"""Topics: what screens and operators follow, each row with the seq at which it last changed."""
