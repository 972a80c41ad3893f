"""When, never what: the clock and the jobs it starts."""
