"""The demonstration: a whole campaign in fast-forward, over real IMAP and SMTP on loopback.

The daemon inside is the daemon that runs in the office; only its clock is set by the story.
"""
