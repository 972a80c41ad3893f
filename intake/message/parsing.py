"""Bytes to Message: headers, what was written and what is quoted, and every file at any depth.

Promises: `parse` never raises on any bytes and bounds what it unpacks. Files are the leaves of nested
mails (message/rfc822, .eml sent as octet-stream) and of archives; their format is decided by content.
The sender's Date is not read. Never touches the network, the disk or the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.message import addresses, charsets, header_fields, quoting, quoting_html, transfer
from intake.message.containers import ARCHIVES, open_archive
from intake.message.mime import Entity, parse_entity
from intake.message.parameters import shown_name
from intake.message.received import received_time
from intake.message.unpacking import MAX_LEVELS, Budget
from intake.model import Address, Message, Part

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
MAX_TEXT = 1 << 19  # characters of one body; a form is a page


@dataclass(slots=True)
class _Body:
    """A piece of the body: its plain and its HTML version, either may be missing."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class _Found:
    """What a mail holds, filled while its tree is walked."""

    budget: Budget
    bodies: list[_Body] = field(default_factory=list)
    nested: list[SplitBody] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SplitBody:
    """All pieces of a body on their two sides."""

    new_text: str = ""
    quoted_text: str = ""
    new_html: str = ""
    quoted_html: str = ""


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
    body = _split(found.bodies)
    return Message(
        message_id="".join(addresses.message_ids(root.header("message-id"))[:1]),
        sender=addresses.sender_of(root.fields),
        reply_to=addresses.parse_addresses(root.header("reply-to")),
        recipients=_recipients(root),
        subject=header_fields.text_of(root.header("subject")),
        in_reply_to=addresses.message_ids(root.header("in-reply-to")),
        references=addresses.message_ids(root.header("references")),
        headers=tuple((name, header_fields.text_of(value)) for name, value in root.fields),
        media_type=root.media_type,
        top_received=received_time(header_fields.text_of(root.header("received"))),
        new_text=body.new_text,
        quoted_text=_joined(
            [body.quoted_text, *(side for inner in found.nested for side in (inner.new_text, inner.quoted_text))]
        ),
        new_html=body.new_html,
        quoted_html=_joined(
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


def _joined(texts: list[str]) -> str:
    return "\n".join(filter(None, texts))


# ---- the tree ---------------------------------------------------------------------------------


def _collect(entity: Entity, found: _Found, containers: tuple[str, ...], *, returned: bool) -> None:
    """Sort an entity and all below it into bodies, files and reports; depth is bounded by mime.MAX_DEPTH."""
    if entity.children:
        returned = returned or _is_report(entity)
        bodies, found.bodies = found.bodies, []
        for child in entity.children:
            _collect(child, found, containers, returned=returned)
        if entity.media_type == "multipart/alternative":
            found.bodies = _one_of(found.bodies)
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


def _one_of(bodies: list[_Body]) -> list[_Body]:
    """The versions of a multipart/alternative as one piece."""
    plain = _joined([body.plain for body in bodies])
    html = _joined([body.html for body in bodies])
    return [_Body(plain, html)] if plain or html else []


def _add_body(entity: Entity, found: _Found, containers: tuple[str, ...]) -> None:
    data = entity.content()
    if entity.media_type == "text/html" or data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        found.bodies.append(_Body(html=charsets.decode_html(data, entity.charset).replace("\x00", "")))
        return
    if b"begin " in data:
        for inner in reversed(transfer.uuencoded(data)):
            data = data[: inner.start] + data[inner.end :]
            _keep(shown_name(charsets.decode(inner.name)), inner.content, "", found, containers)
    text = charsets.decode(data, entity.charset).replace("\x00", "")
    if entity.parameters.get("format", "").lower() == "flowed":
        text = transfer.unflow(text, delete_space=entity.parameters.get("delsp", "").lower() == "yes")
    found.bodies.append(_Body(plain=text))


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
    if media_type in _MAILS or kind == "eml":
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


def _open_mail(name: str, content: bytes, media_type: str, found: _Found, containers: tuple[str, ...]) -> None:
    if len(containers) >= MAX_LEVELS:
        return found.budget.fault("too-deep", _path(containers, name or "转发的邮件"))
    root, codes = parse_entity(content)
    title = _title(name, root)
    for code in codes:
        found.budget.fault(code, _path(containers, title))
    inner = _Found(found.budget, parts=found.parts, nested=found.nested)
    _collect(root, inner, (*containers, title), returned=_is_report(root))
    body = _split(inner.bodies)
    heading = f"---- 转发的邮件：{title} ----"
    found.nested.insert(
        len(found.nested),
        SplitBody(_joined([heading, body.new_text]), body.quoted_text, body.new_html, body.quoted_html),
    )
    return None


def _title(name: str, root: Entity) -> str:
    """How a nested mail is named: its file name or subject, and its sender, who may be the unit itself."""
    subject = header_fields.text_of(root.header("subject"))[:100]
    sender = addresses.sender_of(root.fields).email
    title = name or subject or "转发的邮件"
    return f"{title}（{sender}）" if sender else title


# ---- the body ---------------------------------------------------------------------------------


def _split(bodies: list[_Body]) -> SplitBody:
    pieces = [_split_one(body) for body in bodies]
    return SplitBody(
        new_text=_joined([piece.new_text for piece in pieces]),
        quoted_text=_joined([piece.quoted_text for piece in pieces]),
        new_html=_joined([piece.new_html for piece in pieces]),
        quoted_html=_joined([piece.quoted_html for piece in pieces]),
    )


def _split_one(body: _Body) -> SplitBody:
    """The plain version gives the text where it says anything, the HTML version the HTML."""
    html = quoting_html.split_html(body.html) if body.html.strip() else quoting_html.SplitHtml()
    new, quoted = quoting.split_text(body.plain[:MAX_TEXT])
    if len(new + quoted) * 4 < len(html.new_text + html.quoted_text):  # a stub such as 请用支持HTML的客户端查看
        new, quoted = html.new_text, html.quoted_text
    return SplitBody(new, quoted, html.new_html, html.quoted_html)
