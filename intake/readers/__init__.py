"""One format a file; each turns bytes into the same small Document."""
