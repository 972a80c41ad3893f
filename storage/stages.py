"""Stages of a campaign that a person has opened. Never opens one by itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from storage.sql import insert_new, plain
from storage.tables import stages


def open_stage(tx: Connection, campaign: str, name: str, by: str, now: datetime) -> bool:
    """Open a stage; False if it stands open already."""
    row = {"campaign": campaign, "name": name, "opened_at": now, "opened_by": plain(by, 320)}
    return tx.execute(insert_new(tx, stages, "id"), row).first() is not None


def opened(tx: Connection, campaign: str) -> dict[str, datetime]:
    """The opened stages with their dates, in the order in which they were opened."""
    statement = select(stages.c.name, stages.c.opened_at).where(stages.c.campaign == campaign).order_by(stages.c.id)
    return {row.name: row.opened_at for row in tx.execute(statement)}
