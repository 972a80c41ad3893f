"""What runs: settings, wiring, commands, the demonstration. Knows everybody; known by nobody."""

__version__ = "0.1.0"
