"""What the secretariat tells the daemon in a mail: read from new text alone, and judged against what it is about.

Pure: no clock, no database. Whether the mail may be obeyed at all is the caller's to say.
"""
