"""The tables of the register.

Times are stored in UTC without a zone by `Moment`, which refuses naive values on the way in and
gives aware ones back. The Alembic upgrades make exactly these tables; a test compares.

The states of a row, and which follows which, are told in ARCHITECTURE.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
    text,
)


class Moment(TypeDecorator[datetime]):
    """An aware time, stored in UTC; raises ValueError for a naive one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive time refused")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def _table(name: str, *columns: Any) -> Table:
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns)


facts = Table(  # single values: when the register was made, the salt of refused secrets
    "facts",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)

folders = _table(
    "folders",
    Column("account", String(200), nullable=False),
    Column("folder", String(400), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("mark", BigInteger, nullable=False),  # every UID up to it has a row
    Column("compared_at", Moment),  # when all UIDs since `opens` were last compared with the ledger
    Column("complete_at", Moment),  # when it was last fetched to the end
    Column("gone_at", Moment),  # when it was first missed among the folders that are read
    UniqueConstraint("account", "folder"),
)

messages = _table(
    "messages",
    Column("raw_hash", String(64), nullable=False, unique=True),  # SHA-256 of the raw bytes, and the file's name
    Column("campaign", String(80)),
    Column("state", String(12), nullable=False),
    Column("kind", String(20)),
    Column("rules", JSON),
    Column("fault", String(12), nullable=False, default=""),  # "" or oversized (headers only)
    Column("backlog", Boolean, nullable=False, default=False),
    Column("size", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),  # the earlier of INTERNALDATE and our provider's Received
    Column("internal_date", Moment, nullable=False),
    Column("top_received", Moment),
    Column("fetched_at", Moment, nullable=False),
    Column("handled_at", Moment),
    Column("message_id", String(400)),
    Column("fingerprint", String(64)),
    Column("sender", String(320)),
    Column("sender_domain", String(320)),  # what follows the @
    Column("subject", Text),
    Column("note", Text),
    Column("removed_at", Moment),  # when the content of an unrelated mail was deleted
    Index(None, "state"),
    Index(None, "fingerprint"),
    Index(None, "message_id"),
    Index(None, "sender"),
    Index(None, "sender_domain"),
    Index(None, "handled_at"),
)

sightings = _table(
    "sightings",
    Column("account", String(200), nullable=False),
    Column("folder", String(400), nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("message_id", ForeignKey("messages.id")),
    Column("internal_date", Moment),
    Column("size", Integer),
    Column("junk", Boolean, nullable=False, default=False),  # the folder is one of spam
    Column("tries", Integer, nullable=False, default=0),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("account", "folder", "uidvalidity", "uid"),
    Index(None, "message_id"),
    Index(None, "state"),
)

units = _table(
    "units",
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),  # normalised: NFKC, no spaces, one kind of bracket
    Column("member", Boolean),  # None where no roster says
    Column("on_roster", Boolean, nullable=False, default=False),
    Column("salutation", String(80)),  # 称谓
    Column("contact", String(80)),
    Column("mode", String(10), nullable=False, default="auto"),  # auto, manual, none
    Column("roster", JSON),  # the other columns of the roster row as written
    Column("left_roster_at", Moment),  # when a roster was loaded that does not name it any more
    Column("created_at", Moment, nullable=False),
)

unit_names = _table(  # former and short names
    "unit_names",
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Index(None, "name_key"),
    Index(None, "unit_id"),
)

unit_addresses = _table(  # the addresses on the unit's roster row
    "unit_addresses",
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("address", String(320), nullable=False),
    Column("role", String(8), nullable=False, server_default="main"),  # main (to write to), copy (抄送)
    UniqueConstraint("unit_id", "address"),
    Index(None, "address"),
)

receipts = _table(  # one number a unit and campaign, kept by corrections
    "receipts",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("number", String(12), nullable=False, unique=True),
    UniqueConstraint("campaign", "unit_id"),
)

submissions = _table(  # the joined answers of a unit as they stood after one mail
    "submissions",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("unit_name", String(200), nullable=False),
    Column("message_id", ForeignKey("messages.id")),
    Column("sender", String(320), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("lateness", String(10), nullable=False),  # in time, late, disputed
    Column("in_time_at_first", Boolean, nullable=False, default=True),
    Column("state", String(10), nullable=False),
    Column("replaces_id", ForeignKey("submissions.id")),
    Column("values", JSON, nullable=False),  # {field: {text, place, mended}}
    Column("problems", JSON, nullable=False),  # [{code, field, sentence}]
    Column("sources", JSON, nullable=False),
    Column("already_member", Boolean, nullable=False, default=False),
    Column("sealed_copy", Boolean, nullable=False, default=False),
    Column("channel", String(20), nullable=False, default="mail"),
    Column("accepted_at", Moment),  # a late one that a person let count as in time
    Column("accepted_by", String(320)),
    Index(None, "campaign", "unit_id", "state"),
    Index(None, "message_id"),
    Index(None, "sender"),
)

choices = _table(
    "choices",
    Column("submission_id", ForeignKey("submissions.id"), nullable=False),
    Column("key", String(40), nullable=False),
    Column("answer", String(200), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("already_member", Boolean, nullable=False, default=False),
    Column("decided_by", String(320)),  # a person's decision, None where read
    UniqueConstraint("submission_id", "key"),
)

followups = _table(
    "followups",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("submission_id", ForeignKey("submissions.id")),
    Column("letter_id", ForeignKey("letters.id")),  # the letter that asks
    Column("reason", String(40), nullable=False),  # a reason of intake/followups.py
    Column("awaits", String(80), nullable=False),  # the key of a field, a choice or a material, or the reason again
    Column("state", String(10), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("asked_at", Moment),  # when the letter that asks was sent, or what else starts its clock
    Column("due_at", Moment),
    Column("original_due_at", Moment),  # the first date, where a person moved it
    Column("handed_at", Moment),  # when the secretariat was told
    Column("closed_at", Moment),
    Column("closed_by", String(320)),  # a person; None where something arrived
    Index(None, "state", "due_at"),
    Index(None, "campaign", "unit_id", "state"),
    Index(None, "submission_id"),
    Index(None, "letter_id"),
)

_WITH_BYTES = text("raw IS NOT NULL")

letters = _table(
    "letters",
    Column("key", String(300), nullable=False, unique=True),
    Column("campaign", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("unit_id", ForeignKey("units.id")),
    Column("about_id", ForeignKey("messages.id")),  # the mail that it answers
    Column("facts", JSON, nullable=False),
    Column("attach_form", Boolean, nullable=False, default=False),
    Column("reference", String(12), nullable=False, unique=True),
    Column("message_id", String(200), nullable=False, unique=True),
    Column("priority", Integer, nullable=False),
    Column("held_back", String(20), nullable=False, default=""),  # backlog, or a reason a person must lift
    Column("created_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),  # not before
    Column("tries", Integer, nullable=False, default=0),
    Column("subject", Text),
    Column("raw", LargeBinary),  # the exact bytes, from the claim until they lie in a file
    Column("merged_into_id", ForeignKey("letters.id")),
    Column("claimed_at", Moment),
    Column("settled_at", Moment),
    Column("reply", Text),  # what the server or the bounce said
    Column("queue_id", String(200)),
    Index(None, "state", "next_at"),
    Index(None, "recipient", "state"),
    Index(None, "about_id"),
    Index(None, "campaign", "kind", "unit_id"),
    Index(None, "merged_into_id"),
    Index("ix_letters_with_bytes", "settled_at", sqlite_where=_WITH_BYTES),
)


@event.listens_for(letters, "before_create")
def _say_for_postgresql(table: Table, tx: Connection, **more: Any) -> None:
    """What index is partial, when it is made there: said above, it would load that dialect at every start."""
    if tx.dialect.name == "postgresql":
        (index,) = (one for one in table.indexes if one.name == "ix_letters_with_bytes")
        index.dialect_options["postgresql"]["where"] = _WITH_BYTES


sendings = _table(  # one row a try; the limits are counted here
    "sendings",
    Column("letter_id", ForeignKey("letters.id"), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(12), nullable=False),  # the state the try ended in
    Index(None, "at"),
    Index(None, "recipient", "at"),
)

gates = Table(  # why an edge is shut, and until when
    "gates",
    metadata,
    Column("name", String(40), primary_key=True),  # smtp, imap sign-in, smtp sign-in, campaign:ID
    Column("until", Moment),  # None: until a person or a changed secret opens it
    Column("reason", Text, nullable=False),
    Column("secret_hash", String(64)),  # salted, of a refused secret
    Column("since", Moment, nullable=False),
)

held = _table(
    "held",
    Column("reference", String(8), nullable=False, unique=True),
    Column("campaign", String(80), nullable=False),
    Column("message_id", ForeignKey("messages.id")),
    Column("sighting_id", ForeignKey("sightings.id")),
    Column("submission_id", ForeignKey("submissions.id")),
    Column("letter_id", ForeignKey("letters.id")),
    Column("reason", String(30), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("key", String(40), nullable=False, default=""),  # the choice it is about
    Column("state", String(10), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("decision", Text),
    Column("decided_by", String(320)),
    Column("unit_id", ForeignKey("units.id")),  # whom it is about, where no submission says so
    Column("details", JSON),  # what a decision will write: {field: [old, new]} of a change of data
    Index(None, "state"),
    Index(None, "message_id"),
    Index(None, "letter_id"),
)

chasings = _table(  # one row a round of a followup, before anything is sent
    "chasings",
    Column("followup_id", ForeignKey("followups.id"), nullable=False),
    Column("round", String(10), nullable=False),  # ask, before, after, person
    Column("letter_id", ForeignKey("letters.id")),
    Column("at", Moment, nullable=False),
    UniqueConstraint("followup_id", "round"),
    Index(None, "letter_id"),
)

stages = _table(  # a stage of a campaign that a person opened
    "stages",
    Column("campaign", String(80), nullable=False),
    Column("name", String(40), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", String(320), nullable=False),
    UniqueConstraint("campaign", "name"),
)

standings = _table(  # every change of a unit's status; the highest step is the present one
    "standings",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("moved_by", String(320)),  # a person; None where it followed from a submission or a letter
    UniqueConstraint("campaign", "unit_id", "step"),
)

liaisons = _table(  # 联络员: every version; the one without an end is the present one
    "liaisons",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("values", JSON, nullable=False),  # {field: text} of the form's contact fields
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    Column("confirmed_by", String(320)),  # None where it is the form's contact
    Index(None, "campaign", "unit_id", "until"),
)

extensions = _table(  # a later deadline for one unit, or for all; the newest counts
    "extensions",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id")),  # None: all
    Column("original", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("granted_by", String(320), nullable=False),
    Index(None, "campaign", "unit_id"),
)

rounds = _table(  # a round of reminders whose letters are written
    "rounds",
    Column("campaign", String(80), nullable=False),
    Column("name", String(20), nullable=False),  # 20161202-7: the deadline, and the days before it
    Column("at", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("letters", Integer, nullable=False),
    UniqueConstraint("campaign", "name"),
)

signs = _table(  # a mail that answers a letter of ours to the unit, whoever wrote it
    "signs",
    Column("campaign", String(80), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("message_id", ForeignKey("messages.id"), nullable=False),
    UniqueConstraint("unit_id", "message_id", "campaign"),
)

dead_addresses = _table(  # an address that a letter came back from for good
    "dead_addresses",
    Column("address", String(320), nullable=False, unique=True),
    Column("since", Moment, nullable=False),
    Column("said", Text, nullable=False),  # what the bounce says
    Column("letter_id", ForeignKey("letters.id"), nullable=False),
    Column("message_id", ForeignKey("messages.id"), nullable=False),  # the bounce
    Column("lifted_at", Moment),  # when it was given anew in the roster
    Column("lifted_by", String(320)),
)

audits = _table(  # what a person's word has changed
    "audits",
    Column("at", Moment, nullable=False),
    Column("by", String(320), nullable=False),  # an address, or the name of the user of the shell
    Column("through", String(10), nullable=False),  # mail, shell
    Column("what", String(20), nullable=False),  # held, undo, gate, submission, letter, unit ...
    Column("reference", String(80), nullable=False, default=""),
    Column("word", Text, nullable=False),
    Column("unit_id", ForeignKey("units.id")),
    Column("campaign", String(80), nullable=False, default=""),
    Column("before", JSON),  # {table: {id: the row as it was, null where there was none}} of what was changed
    Column("after", JSON),
    Column("message_id", ForeignKey("messages.id")),  # the mail that said so
    Column("undone_by", ForeignKey("audits.id")),
    Index(None, "at"),
    Index(None, "unit_id"),
)

entries = _table(  # a mail whose forms came another way: a colleague's 代录, or written down from the shell
    "entries",
    Column("message_id", ForeignKey("messages.id"), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),  # 微信, 传真, 纸质, 电话, 转来
    Column("begin", Moment, nullable=False),  # when it truly came,
    Column("end", Moment, nullable=False),  # and until when it may have, where only the day was said
    Column("by", String(320), nullable=False),
    Column("through", String(10), nullable=False),  # mail, shell
    Column("receipt_to", String(320), nullable=False, default=""),
)

outages = _table(  # a time in which fetching or sending failed, or the clock was wrong
    "outages",
    Column("edge", String(10), nullable=False),  # fetching, sending, clock
    Column("since", Moment, nullable=False),  # the first failure after it last worked
    Column("last_at", Moment, nullable=False),  # the last failure
    Column("ended_at", Moment),
    Column("reason", Text, nullable=False),
    Column("missing", Integer, nullable=False, default=0),  # mails on the server without a row, as last seen
    Index(None, "ended_at"),
)

alerts = _table(  # one row an outage, phase and way
    "alerts",
    Column("outage_id", ForeignKey("outages.id"), nullable=False),
    Column("phase", String(6), nullable=False),  # begun, ended
    Column("way", String(20), nullable=False),  # account, smtp, command
    Column("state", String(10), nullable=False),  # trying -> told | failed; failed -> trying
    Column("at", Moment, nullable=False),
    Column("next_at", Moment),  # when one that failed is tried again
    Column("said", Text, nullable=False, default=""),  # why it failed
    UniqueConstraint("outage_id", "phase", "way"),
)

tokens = _table(  # by which a mail may decide one held item, or all of a letter's, or undo one entry of the audit
    "tokens",
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the token
    Column("held_id", ForeignKey("held.id")),
    Column("audit_id", ForeignKey("audits.id")),
    Column("letter_id", ForeignKey("letters.id")),  # the letter that asks for approval
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
)

handwritten = _table(  # a letter that a person wrote from the mailbox, seen in its sent folder
    "handwritten",
    Column("identity", String(64), nullable=False, unique=True),  # SHA-256 of its Message-ID, or of its headers
    Column("state", String(8), nullable=False),  # new, kept
    Column("written_at", Moment, nullable=False),
    Column("subject", Text, nullable=False),
    Column("recipients", JSON),  # of a new one; whoever is nobody of ours is forgotten when it is kept
    Column("seen_at", Moment, nullable=False),
    Index(None, "state"),
)

handwritten_to = _table(  # a unit, or a sender whose mail is held, that such a letter went to
    "handwritten_to",
    Column("handwritten_id", ForeignKey("handwritten.id"), nullable=False),
    Column("address", String(320), nullable=False),
    Column("unit_id", ForeignKey("units.id")),  # None: the sender is no unit's
    Column("alone", Boolean, nullable=False),  # written to few: it answers them; to many it is a circular
    Column("written_at", Moment, nullable=False),
    Index(None, "handwritten_id"),
    Index(None, "unit_id", "written_at"),
    Index(None, "address"),
)
