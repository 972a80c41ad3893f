"""What kind of mail it is: small rules on headers and wording, and one table read top to bottom."""

from intake.classify.table import OWN_HEADER, REFERENCE, classify, references, signs

__all__ = ["OWN_HEADER", "REFERENCE", "classify", "references", "signs"]
