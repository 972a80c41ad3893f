"""The sample mails on disk: what each holds and what kind it is, and that the script still writes them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.classify.mail_signs import signs_of
from intake.classify.table import classify
from intake.kinds import Kind
from intake.mail import Message
from intake.message import parse

SAMPLES = Path(__file__).parent.parent / "samples"
FORM = "首都知识产权运营联盟入盟意向书.docx"


def sample(name: str) -> Message:
    return parse((SAMPLES / "mails" / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "kind", "files"),
    [
        ("01-foxmail-docx", "attempt", [(FORM, "docx")]),
        ("05-qq-reply-quoting-form", "courtesy", []),
        ("06-gb2312-label-rare-name", "unrelated", []),
        ("11-photo-and-logo", "unrelated", [("未命名附件1.jpg", "jpg"), ("image001.jpg", "jpg")]),
        ("12-qq-large-attachment", "attempt", []),
        ("13-gbk-zip", "attempt", [(FORM, "docx")]),
        ("16-qq-auto-reply", "auto-reply", []),
        ("18-qq-bounce", "bounce", []),
        ("21-raw-gbk-headers", "question", []),
        ("22-attachment-without-name", "attempt", [("未命名附件1.docx", "docx")]),
        ("24-eml-as-octet-stream", "attempt", [(FORM, "docx")]),
        ("25-only-a-file", "attempt", [(FORM, "docx")]),
        ("26-cst-and-no-date", "statement", []),
        ("27-raw-gbk-file-name", "attempt", [(FORM, "docx")]),
        ("33-exmail-recall", "recall", []),
        ("34-read-receipt", "receipt", []),
        ("35-no-message-id", "courtesy", []),
    ],
)
def test_sample(name: str, kind: Kind, files: list[tuple[str, str]]) -> None:
    message = sample(name)
    form_like = any(part.format == "docx" for part in message.parts)
    found = signs_of(message, ("意向书", "运营联盟", "入盟"), forms=0, blank_forms=0, form_like=form_like)
    assert classify(found).kind == kind
    assert [(part.name, part.format) for part in message.parts] == files


def test_what_matters_in_some() -> None:
    rare = sample("06-gb2312-label-rare-name")
    assert (rare.sender.name, rare.new_text) == ("陶喆", "联系人：陶喆，镕鑫公司")
    raw = sample("21-raw-gbk-headers")
    assert (raw.subject, raw.sender.name, raw.new_text) == ("咨询", "张三", "请问入盟意向书要盖章吗？")
    assert sample("24-eml-as-octet-stream").parts[0].containers == ("来信.eml（zhang@unit-a.example.cn）",)
    assert sample("26-cst-and-no-date").top_received == datetime(2016, 11, 18, 2, 0, tzinfo=UTC)
    assert sample("35-no-message-id").message_id == ""


def test_the_script_writes_these_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SAMPLES))
    sys.modules.pop("make_mails", None)
    from make_mails import mails

    written = {path.stem: path.read_bytes() for path in (SAMPLES / "mails").glob("*.eml")}
    assert written == mails()
