"""Fan-out: the audiences of topics, and the visits of sockets to them."""
