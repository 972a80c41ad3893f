"""What is remembered, and the only writer of it.

`register` opens the transactions, `tables` names what stands in them, and each other file holds
one subject. Nothing here decides; deciding is in intake.
"""
