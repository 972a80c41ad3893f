"""How it is said, once: compose a letter, keep to the limits, claim it, hand it to SMTP, note its fate."""
