"""How a mail becomes a decision.

Everything here is told what it needs: no clock, no database, no settings.
The trip goes mailbox, message, classify, readers, form, choices, checking,
reading, deciding; each file imports only from those before it.
"""
