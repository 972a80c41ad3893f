"""How a mail becomes a decision.

Everything here is told what it needs: no clock, no database, no settings.
The trip goes mailbox, message, classify, readers, form, choices, checking,
reading, deciding; each file imports only from those before it. Its nouns (raw_mail, mail,
answers, verdict, contents, known, outcome) are frozen and made of plain data, safe to send to
and from a child process; times are aware and in UTC unless a name says otherwise, addresses
lower case.
"""
