"""Bytes to Message: headers, what was written and what is quoted, and every file at any depth.

Promises: `parse` never raises on any bytes and bounds what it unpacks. Files are the leaves of nested
mails (message/rfc822, .eml sent as octet-stream) and of archives; their format is decided by content.
The sender's Date is not read. Never touches the network, the disk or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.errors import Unreadable
from intake.mail import Address, Message, Part
from intake.message import addresses, charsets, header_fields, transfer
from intake.message.bodies import Body, SplitBody, completed, joined, one_of, split
from intake.message.containers import ARCHIVES, open_archive
from intake.message.mime import Entity, parse_entity
from intake.message.parameters import shown_name
from intake.message.received import received_time
from intake.message.unpacking import MAX_LEVELS, Budget

_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/feedback-report",
    }
)
_MAILS = frozenset({"message/rfc822", "message/global"})
_OFFICE = (".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".odt", ".ods", ".pptx", ".wps", ".et")


@dataclass(slots=True)
class _Found:
    """What a mail holds, filled while its tree is walked."""

    budget: Budget
    bodies: list[Body] = field(default_factory=list)
    nested: list[SplitBody] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    wrapped: list[Body] = field(default_factory=list)  # bodies out of a winmail.dat


def parse(raw: bytes) -> Message:
    """A mail decoded. `faults` are `code: name` with a code of the contract, for what could not be opened.

    `reports` hold the bodies of delivery-status, disposition-notification and rfc822-headers parts,
    and the header sections of mails returned in a report. The text of nested mails is quoted text.
    """
    root, codes = parse_entity(raw)
    found = _Found(Budget())
    for code in codes:
        found.budget.fault(code, "邮件")
    _collect(root, found, containers=(), returned=_is_report(root))
    body = split(completed(found.bodies, found.wrapped))
    headers = tuple([(name, header_fields.text_of(value)) for name, value in root.fields])
    first = dict(reversed(headers))
    return Message(
        message_id="".join(addresses.message_ids(first.get("message-id", ""))[:1]),
        sender=addresses.sender_of(root.fields),
        reply_to=addresses.parse_addresses(root.header("reply-to")),
        recipients=_recipients(root),
        subject=first.get("subject", ""),
        in_reply_to=addresses.message_ids(first.get("in-reply-to", "")),
        references=addresses.message_ids(first.get("references", "")),
        headers=headers,
        media_type=root.media_type,
        top_received=received_time(first.get("received", "")),
        new_text=body.new_text,
        quoted_text=joined(
            [body.quoted_text, *(side for inner in found.nested for side in (inner.new_text, inner.quoted_text))]
        ),
        new_html=body.new_html,
        quoted_html=joined(
            [body.quoted_html, *(side for inner in found.nested for side in (inner.new_html, inner.quoted_html))]
        ),
        parts=tuple(found.parts),
        reports=tuple(found.reports),
        faults=tuple(found.budget.faults),
    )


def _recipients(root: Entity) -> tuple[Address, ...]:
    found = [
        address for name, value in root.fields if name in ("to", "cc") for address in addresses.parse_addresses(value)
    ]
    return tuple(dict.fromkeys(found))


# ---- the tree ---------------------------------------------------------------------------------


def _collect(entity: Entity, found: _Found, containers: tuple[str, ...], *, returned: bool) -> None:
    """Sort an entity and all below it into bodies, files and reports; depth is bounded by mime.MAX_DEPTH."""
    if entity.children:
        returned = returned or _is_report(entity)
        bodies, found.bodies = found.bodies, []
        for child in entity.children:
            _collect(child, found, containers, returned=returned)
        if entity.media_type == "multipart/alternative":
            found.bodies = one_of(found.bodies)
        found.bodies = bodies + found.bodies
    elif entity.media_type in _REPORTS:
        found.reports.append(entity.content())
    elif returned and entity.media_type in _MAILS:
        found.reports.append(header_fields.split_section(entity.content())[0])
    elif _is_body(entity):
        _add_body(entity, found, containers)
    else:
        _add_file(entity.name, entity.content(), entity, found, containers)


def _is_report(entity: Entity) -> bool:
    """A multipart/report (RFC 6522), also where it is labelled otherwise but holds a delivery status."""
    return entity.media_type == "multipart/report" or any(child.media_type in _REPORTS for child in entity.children)


def _is_body(entity: Entity) -> bool:
    if entity.media_type not in ("text/plain", "text/html") or entity.disposition == "attachment":
        return False
    return not entity.name or entity.depth == 0


def _add_body(entity: Entity, found: _Found, containers: tuple[str, ...]) -> None:
    data = entity.content()
    if entity.media_type == "text/html" or data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        found.bodies.append(Body(html=charsets.decode_html(data, entity.charset).replace("\x00", "")))
        return
    if b"begin " in data:
        for inner in reversed(transfer.uuencoded(data)):
            data = data[: inner.start] + data[inner.end :]
            _keep(shown_name(charsets.decode(inner.name)), inner.content, "", found, containers)
    text = charsets.decode(data, entity.charset).replace("\x00", "")
    if entity.parameters.get("format", "").lower() == "flowed":
        text = transfer.unflow(text, delete_space=entity.parameters.get("delsp", "").lower() == "yes")
    found.bodies.append(Body(plain=text))


# ---- files, archives, nested mails ------------------------------------------------------------


def _add_file(name: str, content: bytes, entity: Entity, found: _Found, containers: tuple[str, ...]) -> None:
    content_id = header_fields.text_of(entity.header("content-id")).strip("<> ")
    inline = entity.disposition == "inline" or (bool(content_id) and entity.disposition != "attachment")
    _keep(name, content, entity.media_type, found, containers, content_id=content_id, inline=inline)


def _keep(
    name: str,
    content: bytes,
    media_type: str,
    found: _Found,
    containers: tuple[str, ...],
    *,
    content_id: str = "",
    inline: bool = False,
    unpacked: bool = False,
) -> None:
    """Open a nested mail or archive, keep anything else as a file; what an archive gave is paid for already."""
    from intake.readers.sniff import sniff

    kind = sniff(content, name)
    if kind in ("msg", "tnef"):
        return _open_outlook(kind, name, content, found, containers)
    if kind == "eml" or (media_type in _MAILS and kind != "mht"):
        return _open_mail(name, content, media_type, found, containers)
    if kind in ARCHIVES and not (kind == "zip" and name.lower().endswith(_OFFICE)):
        return _open_archive(kind, name or f"附件.{kind}", content, found, containers)
    name = name or f"未命名附件{len(found.parts) + 1}{'.' + kind if kind else ''}"
    if content and (unpacked or found.budget.take(len(content), _path(containers, name))):
        found.parts.append(Part(name, content, media_type, kind, containers, content_id, inline))
    return None


def _path(containers: tuple[str, ...], name: str) -> str:
    """How a fault names a file: archive.zip/member.docx."""
    return "/".join((*containers, name))


def _open_archive(kind: str, name: str, content: bytes, found: _Found, containers: tuple[str, ...]) -> None:
    path = _path(containers, name)
    if len(containers) >= MAX_LEVELS:
        return found.budget.fault("too-deep", path)
    for member, data in open_archive(kind, content, path, found.budget):
        _keep(member, data, "", found, (*containers, name), unpacked=True)
    return None


def _open_outlook(kind: str, name: str, content: bytes, found: _Found, containers: tuple[str, ...]) -> None:
    """A .msg as the nested mail it is; a winmail.dat as if this mail had carried its files and bodies itself."""
    from intake.message.mapi import as_entity
    from intake.message.outlook_msg import mail_of_msg
    from intake.message.tnef import read_tnef

    try:
        raw = mail_of_msg(content) if kind == "msg" else as_entity(read_tnef(content))
    except Unreadable as error:
        return found.budget.fault(error.code, _path(containers, name or f"附件.{kind}"))
    if kind == "msg":
        return _open_mail(name, raw, "message/rfc822", found, containers)
    inner = _Found(found.budget, parts=found.parts, nested=found.nested)
    _collect(parse_entity(raw)[0], inner, containers, returned=False)
    found.wrapped += completed(inner.bodies, inner.wrapped)
    return None


def _open_mail(name: str, content: bytes, media_type: str, found: _Found, containers: tuple[str, ...]) -> None:
    if len(containers) >= MAX_LEVELS:
        return found.budget.fault("too-deep", _path(containers, name or "转发的邮件"))
    root, codes = parse_entity(content)
    title = _title(name, root)
    for code in codes:
        found.budget.fault(code, _path(containers, title))
    inner = _Found(found.budget, parts=found.parts, nested=found.nested)
    _collect(root, inner, (*containers, title), returned=_is_report(root))
    body = split(completed(inner.bodies, inner.wrapped))
    heading = f"---- 转发的邮件：{title} ----"
    found.nested.insert(
        len(found.nested),
        SplitBody(joined([heading, body.new_text]), body.quoted_text, body.new_html, body.quoted_html),
    )
    return None


def _title(name: str, root: Entity) -> str:
    """How a nested mail is named: its file name or subject, and its sender, who may be the unit itself."""
    subject = header_fields.text_of(root.header("subject"))[:100]
    sender = addresses.sender_of(root.fields).email
    title = name or subject or "转发的邮件"
    return f"{title}（{sender}）" if sender else title
