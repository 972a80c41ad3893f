"""Untrusted documents are read in children: one task each at a time, killed and replaced alone."""

from intake.isolation.child import Failure
from intake.isolation.children import Children, Closed
from intake.isolation.nursery import Nursery
from intake.isolation.stages import Pool, Stages

__all__ = ["Children", "Closed", "Failure", "Nursery", "Pool", "Stages"]
