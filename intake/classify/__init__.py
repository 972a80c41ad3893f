"""What kind of mail it is: small rules on headers and wording, and one table read top to bottom."""
