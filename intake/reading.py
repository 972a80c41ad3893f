"""Bytes to what they say: a mail to a Reading, a file to its forms. Runs in a child process.

Promises: a pure function of the bytes and the definitions of the forms; bad input gives faults, never an
exception of its own. Nothing is fetched, stored or looked up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from typing import Any

from intake import message, readers
from intake.answers import BLANK, UNCLEAR, Form, Fragment
from intake.campaign import FormSpec
from intake.classify import bounces
from intake.classify.mail_signs import signs_of
from intake.classify.table import classify
from intake.contents import FileFault, FileSeen, Reading
from intake.document import Document
from intake.errors import UNREADABLE, Unreadable
from intake.form import find_forms, is_ours
from intake.form.folding import fold
from intake.form.fragments import find_fragment
from intake.form.photographs import PICTURE, Sheet, join_sheets
from intake.instructing import reading as instruction
from intake.kinds import Kind
from intake.mail import Message, Part
from intake.readers import html, plain
from intake.readers.sniff import PICTURES, sniff
from intake.verdict import Signs

BODY = "邮件正文"
EXCERPT = 500
MOST_TEXT = 200_000  # characters of a body that are looked at for a form
OPENING = 120  # characters of a document that tell what paper it is
SMALL_PICTURE = 20_000  # bytes; an inline picture below this is a logo or a smiley
DOCUMENTS = frozenset(
    {
        "docx",
        "docm",
        "dotx",
        "xlsx",
        "xlsm",
        "doc",
        "wps",
        "xls",
        "et",
        "rtf",
        "odt",
        "ods",
        "pdf",
        "html",
        "mht",
        "txt",
        "csv",
        "ole",
    }
)
ARCHIVES = frozenset({"zip", "rar", "7z", "gz", "bz2", "xz", "tar", "tnef", "sfx"})
_NO_FORMS: frozenset[Kind] = frozenset({"own", "bounce"})  # what lies in them is our own paper coming back
_OUR_LETTER = re.compile(
    r"登记号(?:为|\s*[：:|]?\s*[2-9A-Z]{4})|本邮件由系统"
)  # a receipt of ours as text carries no mark
_FAULT = re.compile(r"([a-z-]+): (.*)", re.S)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file says. `kind` is that of a mail with this file and nothing else."""

    kind: Kind
    forms: tuple[Form, ...] = ()
    faults: tuple[FileFault, ...] = ()


@dataclass(slots=True)
class _Gathered:
    """Forms and faults of one mail, filled part by part."""

    specs: Sequence[FormSpec]
    ocr: bool = False
    forms: list[Form] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)
    blank: int = 0
    strangers: int = 0
    form_like: bool = False
    openings: dict[str, str] = field(default_factory=dict)  # the first characters of each document, by file name

    def add(self, document: Document, source: str, *, quoted: bool = False) -> None:
        found = find_forms(document, self.specs, source)
        if document.format == PICTURE:
            self.sheets.append(Sheet(document, source, found.forms))
        if not quoted:
            self.forms += found.forms
            self.blank += found.blank
            self.strangers += found.stranger
            return
        self.forms += [replace(form, quoted=True) for form in found.forms if is_definite(form)]


# ---- a mail -----------------------------------------------------------------------------------


def read_mail(raw: bytes, specs: Sequence[FormSpec], *, ocr: bool = False) -> Reading:
    """All that one mail says; `ocr`: pictures too, where that is installed. Never raises over its content."""
    mail = message.parse(raw)
    gathered = _Gathered(specs, ocr)
    for part in _distinct(mail.parts):
        _read_part(part, gathered)
    gathered.forms = join_sheets(gathered.sheets, gathered.forms, specs)
    gathered.faults += _container_faults(mail, gathered.faults)
    gathered.form_like = gathered.form_like or bool(gathered.faults)
    _read_body(mail, gathered)
    words = tuple(dict.fromkeys(word for spec in specs for word in spec.words))
    signs = signs_of(
        mail,
        words,
        forms=len(gathered.forms),
        blank_forms=gathered.blank,
        form_like=gathered.form_like,
        strangers=gathered.strangers,
    )
    verdict = classify(signs)
    return Reading(
        message_id=mail.message_id,
        sender=mail.sender,
        reply_to=mail.reply_to,
        subject=mail.subject,
        answers_to=tuple(dict.fromkeys((*mail.in_reply_to, *mail.references))),
        top_received=mail.top_received,
        fingerprint=fingerprint(mail),
        signs=signs,
        verdict=verdict,
        forms=() if verdict.kind in _NO_FORMS else tuple(gathered.forms),
        faults=tuple(gathered.faults),
        files=tuple(_seen(part, gathered) for part in mail.parts),
        bounce=bounces.read_bounce(mail) if signs.bounce else None,
        excerpt=mail.new_text.strip()[:EXCERPT],
        fragments=tuple(_fragments(mail, signs, specs)),
        instruction=instruction.read(mail),
    )


def _fragments(mail: Message, signs: Signs, specs: Sequence[FormSpec]) -> Iterator[Fragment]:
    """Values named in the words of a reply that has neither a form nor anything attached."""
    answers = "reply-subject" in signs.hits or bool(mail.in_reply_to or mail.references)
    if not answers or "forward-subject" in signs.hits or signs.forms or signs.form_like or signs.cloud_link:
        return
    if _OUR_LETTER.search(mail.new_text) or not all(part.inline or part.content_id for part in mail.parts):
        return
    found = (find_fragment(mail.new_text, spec, BODY) for spec in specs)
    yield from filter(None, found)


def _seen(part: Part, gathered: _Gathered) -> FileSeen:
    return FileSeen(part.name, part.format, len(part.content), gathered.openings.get(part.name, ""))


def is_definite(form: Form) -> bool:
    """Whether a form answers at least one question."""
    return any(choice.answer not in (BLANK, UNCLEAR) for choice in form.choices.values())


def fingerprint(mail: Message) -> str:
    """Hex SHA-256 over sender, decoded body and the contents of the files, whatever their order and names."""
    whole = hashlib.sha256()
    for text in (mail.sender.email, mail.new_text, mail.quoted_text):
        whole.update(text.encode("utf-8", "surrogatepass") + b"\0")
    for one in sorted(_digest(part) for part in mail.parts):
        whole.update(one)
    return whole.hexdigest()


def _digest(part: Part) -> bytes:
    return hashlib.sha256(part.content).digest()


def _distinct(parts: Sequence[Part]) -> Iterable[Part]:
    """The parts, one of each content: a file attached twice, or also inside a zip, is one file."""
    if len(parts) < 2:
        return parts
    first_of: dict[bytes, Part] = {}
    for part in parts:
        first_of.setdefault(part.content, part)
    return first_of.values()


def _read_part(part: Part, gathered: _Gathered) -> None:
    if not could_hold_form(part):
        return
    is_body = part.inline and part.format == "rtf"  # the rich body of Outlook, not a file that someone attached
    gathered.form_like = gathered.form_like or not is_body
    try:
        documents = readers.read(part.content, part.name, ocr=gathered.ocr, kind=part.format)
    except Unreadable as error:
        if is_body:
            return
        gathered.faults.append(FileFault("/".join((*part.containers, part.name)), error.code, error.sentence))
        return
    for document in documents:
        gathered.add(document, part.name)
    gathered.openings[part.name] = " ".join("".join(document.text[:OPENING] for document in documents[:1]).split())


def could_hold_form(part: Part) -> bool:
    """Whether a file may be a form, readable or not: documents, archives left closed, pictures that are no logo."""
    if part.format in PICTURES:
        return not (part.inline or part.content_id) or len(part.content) >= SMALL_PICTURE
    if part.format in ("txt", "html", "mht", "csv"):
        return not part.inline or bool(part.name)
    return part.format in DOCUMENTS | ARCHIVES


def _container_faults(mail: Message, known: Sequence[FileFault]) -> Iterator[FileFault]:
    """What archives and nested mails kept closed, as faults of files."""
    for said in mail.faults:
        match = _FAULT.fullmatch(said)
        kind = UNREADABLE.get(match.group(1)) if match else None
        if match and kind and match.group(2) != "邮件" and all(fault.source != match.group(2) for fault in known):
            yield FileFault(match.group(2), kind.code, kind.__doc__ or "")


def _read_body(mail: Message, gathered: _Gathered) -> None:
    """The newly written body; only where no form was found anywhere, answers typed into quoted text."""
    _read_side(mail.new_html, mail.new_text, gathered, quoted=False)
    if not gathered.forms:
        _read_side(mail.quoted_html, mail.quoted_text, gathered, quoted=True)


def _read_side(page: str, text: str, gathered: _Gathered, *, quoted: bool) -> None:
    """One side of a body: its HTML, or its text where the HTML gave no form. Letters of ours are left alone."""
    if _OUR_LETTER.search(text) or _OUR_LETTER.search(page):
        return
    before = len(gathered.forms), gathered.blank
    document = _page(page) if page else None
    if document:
        gathered.add(document, BODY, quoted=quoted)
    ours = document is not None and is_ours(document)
    if text and not ours and (len(gathered.forms), gathered.blank) == before:
        gathered.add(plain.read_plain(text[:MOST_TEXT]), BODY, quoted=quoted)


def _page(page: str) -> Document | None:
    try:
        return html.read_html(page)
    except Unreadable:
        return None  # the text of the same body is read instead


# ---- a file -----------------------------------------------------------------------------------


def read_file(name: str, content: bytes, specs: Sequence[FormSpec], *, ocr: bool = False) -> FileReading | Reading:
    """What a file says; a mail (.eml) gives a Reading. An archive is read as the mail it could have come with."""
    kind = sniff(content, name)
    if kind == "eml":
        return read_mail(content, specs, ocr=ocr)
    if kind == "msg":
        return _read_msg(name, content, specs)
    if kind in ARCHIVES:
        inside = read_mail(_mail_with(name, content), specs, ocr=ocr)
        concerns = inside.signs.form_like or _speaks_of(name, specs)
        return FileReading(_kind(inside.forms, concerns), inside.forms, inside.faults)
    gathered = _Gathered(specs)
    documents: tuple[Document, ...] = ()
    try:
        documents = readers.read(content, name, ocr=ocr, kind=kind)
        for document in documents:
            gathered.add(document, name)
    except Unreadable as error:
        gathered.faults.append(FileFault(name, error.code, error.sentence))
    forms = tuple(gathered.forms)
    found = bool(forms or gathered.faults or gathered.blank or gathered.strangers)
    concerns = found or _speaks_of(name + "".join(document.text[:20_000] for document in documents), specs)
    return FileReading(_kind(forms, concerns), forms, tuple(gathered.faults))


def _read_msg(name: str, content: bytes, specs: Sequence[FormSpec]) -> FileReading | Reading:
    """A message saved by Outlook, as the mail it is."""
    try:
        return read_mail(message.mail_of_msg(content), specs)
    except Unreadable as error:
        return FileReading("attempt", (), (FileFault(name, error.code, error.sentence),))


def _mail_with(name: str, content: bytes) -> bytes:
    mail = EmailMessage()
    mail.set_content("")
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def _kind(forms: Sequence[Form], concerns: bool) -> Kind:
    if forms:
        return "form"
    return "attempt" if concerns else "unrelated"


def _speaks_of(text: str, specs: Sequence[FormSpec]) -> bool:
    folded = fold(text)
    return any(fold(word) in folded for spec in specs for word in (*spec.words, spec.title))


# ---- the line of `intake read --json` ---------------------------------------------------------


def as_json(file: str, result: Reading | FileReading, specs: Sequence[FormSpec]) -> dict[str, Any]:
    """The object of the contract for one input file. `error` is the first fault, where no form was read."""
    kind = result.verdict.kind if isinstance(result, Reading) else result.kind
    fault = result.faults[0] if result.faults and not result.forms else None
    return {
        "file": file,
        "kind": kind,
        "forms": [_form(form, specs) for form in result.forms],
        "error": {"code": fault.code, "message": fault.sentence} if fault else None,
    }


def _form(form: Form, specs: Sequence[FormSpec]) -> dict[str, Any]:
    spec = next(spec for spec in specs if spec.campaign == form.campaign)
    shown: dict[str, Any] = {
        "values": {field.id: form.value(field.id) for field in spec.fields},
        "choices": {key: _choice(form, key) for key in form.choices},
        "problems": [problem.sentence for problem in form.problems],
    }
    if form.rows:
        shown["rows"] = [dict(row) for row in form.rows]
    return shown


def _choice(form: Form, key: str) -> Mapping[str, Any]:
    choice = form.choices[key]
    shown: dict[str, Any] = {"answer": choice.answer, "evidence": choice.evidence, "where": choice.place}
    if choice.already_member:
        shown["already_member"] = True
    return shown
