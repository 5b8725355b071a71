"""What is on air: the program of each output."""
