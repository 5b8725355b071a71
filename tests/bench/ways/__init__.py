"""Ways to send one message to all sockets, each a program of its own: PORT HZ TEXT.

TEXT is the message with a stamp of zeros in it. A program listens on PORT of loopback and prints a line, ``Ready`` and
the ids of the processes whose cost counts. A line on its standard input has it begin to send; at the end of standard
input it ends.
"""
