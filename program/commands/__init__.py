"""One sub-command of `intake` a file; each has a `command`."""
