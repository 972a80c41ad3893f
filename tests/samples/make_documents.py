"""Writes the stand-ins of a notice and its annexes, and the template of the pre-filled form; run by hand.

python tests/samples/make_documents.py
"""

from __future__ import annotations

import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

CAMPAIGN = ROOT / "templates" / "cipoa-2016"
NOTE = (
    "这是随程序提供的样例，仅供演示和试发。"
    "正式使用前，请将本文件换成正式文件，并改正 campaign.toml 中 [circular] 的 files。"
)
STAND_INS = {
    "通知（样例）.docx": ("关于征集首都知识产权运营联盟成员单位的通知（样例）", "此处为通知正文。"),
    "附件2 倡议书（样例）.docx": ("倡议书（样例）", "此处为倡议书正文。"),
    "附件3 章程草案（样例）.docx": ("章程草案（样例）", "此处为章程草案正文。"),
}


def main() -> None:
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    from intake.campaign_file import parse_campaign
    from outbox import blank_form

    folder = CAMPAIGN / "documents"
    folder.mkdir(exist_ok=True)
    for name, (title, body) in STAND_INS.items():
        document = docx.Document()
        document.core_properties.created = document.core_properties.modified = datetime(2016, 11, 17, tzinfo=UTC)
        document.core_properties.title, document.core_properties.author = title, ""
        style = document.styles["Normal"]
        style.font.name, style.font.size = "宋体", Pt(14)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
        heading = document.add_paragraph(title)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_paragraph(NOTE)
        document.add_paragraph(body)
        document.save(str(folder / name))
    campaign = parse_campaign(tomllib.loads((CAMPAIGN / "campaign.toml").read_text("utf-8")))
    (folder / "附件1 入盟意向书.docx").write_bytes(blank_form.template(campaign.form))


if __name__ == "__main__":
    main()
