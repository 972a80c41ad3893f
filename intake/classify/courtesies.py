"""Which lines of a mail say something, and whether all of them are mere courtesy (收到, 谢谢, 信息无误).

Promises: greeting, closing, device line and signature never count; one clause that is no courtesy
makes the mail none. Only text that the sender newly wrote may be passed in. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from intake.classify.phrases import plain

_CLAUSES = re.compile(r"[,，。.！!、;；:：~～…()（）\-—_*]+|\s{2,}")
_HELLO = re.compile(
    r"^(?:[^,，。！!？?]{0,20}(?:您|你|大家|老师|主任|上午|下午|早上|晚上)好|(?:尊敬|亲爱)的.{1,24}|hi|hello|dear\b.*)"
    r"[,，:：!！。.~～]*$",
    re.I,
)
_DEVICE = re.compile(
    r"^(?:发自|来自|发送自|从我的|sent from|get outlook|通过.{0,10}(?:手机|客户端)|由.{0,8}(?:大师|手机).{0,4}发送|"
    r"使用.{0,10}发送).{0,60}$",
    re.I,
)
_CLOSING = re.compile(
    r"^(?:此致|敬礼|此致敬礼|祝.{0,16}|顺?颂?.{0,2}商祺|顺祝.{0,10}|敬祝.{0,10}|致礼|"
    r"best regards|regards|best wishes)[,，!！。.]*$",
    re.I,
)
_DETAIL = re.compile(
    r"(?:电话|手机|传真|地址|邮编|邮箱|网址|网站|微信|qq|tel|fax|mobile|phone|e-?mail|add(?:ress)?|http|www\.|@|部门|职务)|"
    r"^[\d\s\-+()（）/转]{7,}$|^\d{4}\s*[-年./]\s*\d{1,2}",
    re.I,
)
_SIGNATURE_MARK = re.compile(r"^(?:--\s?|[-_—=*]{3,}\s*)$")
_COURTEOUS = re.compile(
    r"^(?:(?:您|你|大家|老师|各位)?好"
    r"|(?:邮件|来信|回执|回复|通知|信息|资料|材料)?"
    r"(?:我们?|我方|我单位|本单位|敝单位)?(?:均|都|也|已|已经|确认|悉数)*"
    r"(?:收到|收悉|知悉|知晓|知道|获悉|了解|明白|阅|拜读|查收|看到|登记)(?:了|啦|过)?"
    r"(?:您|你|贵|的|该|此|本|邮件|来信|来函|回复|回执|反馈|通知|信息|登记|确认|短信|协会|会|秘书处|函|意向|材料|资料)*(?:了)?"
    r"|(?:非常|十分|万分|多|很|再次|衷心)*(?:谢谢|感谢|多谢|谢|致谢|感激)(?!.{0,20}(?:请|改|问|附件|如何|是否)).{0,16}"
    r"|(?:老师|您|你|大家|各位.{0,4})?(?:们)?辛苦(?:了|您|你|啦|大家|老师|各位)*|麻烦(?:了|您|您了|你了|老师了|老师)"
    r"|费心了?|打扰了|劳驾"
    r"|好的?|好滴|好哒|好嘞|嗯+|行|可以|是的|对的|没错|ok(?:ay)?|收|赞|哦|哈哈?|呵呵"
    r"|(?:以上|登记|上述|我单位|表中|所列|核对|经核对|经核实|的|各项|全部|所有|单位)*"
    r"(?:信息|内容|资料|登记|核对|核实|确认|数据)*(?:核对|核实|确认|均|都|全部|完全|已)*"
    r"(?:无误|正确|没问题|没有问题|无问题|属实|准确|无异议|一致|ok)(?:了)?"
    r"|不客气|不用谢|没关系|没事|祝.{1,16}|顺?颂.{0,4}|此致|敬礼|期待.{0,12}|请放心"
    r"|保持联系|合作愉快|周末愉快|新年快乐|节日快乐|thanks?|thank you(?: very much| so much)?|many thanks"
    r"|(?:well )?received(?: with (?:many )?thanks)?"
    r"|noted|got it|confirmed|good)$",
    re.I,
)
_CORE = re.compile(
    r"收到|收悉|知悉|知晓|获悉|谢|感激|辛苦|无误|正确|没问题|没有问题|属实|无异议|好的|好滴|ok|thank|received|noted|"
    r"got it|不客气|明白|了解|嗯|行|祝",
    re.I,
)


@lru_cache(maxsize=2)  # asked twice about each mail
def says(text: str) -> tuple[str, ...]:
    """The lines that say something: greeting, closing, device line and signature left out.

    A detail that stands alone is no signature: a unit that was asked for its telephone may write nothing else.
    """
    lines = [line for line in (plain(line) for line in text.split("\n")) if line]
    for place, line in enumerate(lines):
        if _SIGNATURE_MARK.match(line):
            lines = lines[:place] if place else lines[1:]
            break
    kept = [line for line in lines if not (_HELLO.match(line) or _DEVICE.match(line) or _CLOSING.match(line))]
    while len(kept) > 1 and _DETAIL.search(kept[-1]) and not re.search(r"[,。!?;]", kept[-1]):
        kept.pop()
    return tuple(line for line in kept if not re.fullmatch(r"[\W_]+", line))


def is_courtesy(text: str) -> bool:
    """Short thanks or a confirmation and nothing else."""
    lines = says(text)
    if not lines:
        return bool(_CORE.search(text)) and len(text) < 200
    if not _CORE.search("".join(lines)):
        return False
    courteous = [_is_courteous(line) for line in lines]
    last = max((place for place, mark in enumerate(courteous) if mark), default=-1)
    if last < 0 or not all(courteous[: last + 1]) or not _CORE.search("".join(lines[: last + 1])):
        return False
    return _is_signature(lines[last + 1 :])


def _is_courteous(line: str) -> bool:
    clauses = [clause.strip() for clause in _CLAUSES.split(_bare(line)) if clause.strip()]
    return bool(clauses) and len(line) <= 80 and all(map(_is_courteous_clause, clauses))


def _is_courteous_clause(clause: str) -> bool:
    """As a whole (well received), or word by word where spaces stand for commas (收到 谢谢)."""
    words = clause.split()
    return bool(_COURTEOUS.match(clause)) or (len(words) > 1 and all(map(_COURTEOUS.match, words)))


def _is_signature(lines: Sequence[str]) -> bool:
    """A name, a unit, a number: short lines without a sentence in them."""
    if len(lines) > 8:
        return False
    return all(
        _DETAIL.search(line)
        or (
            len(line) <= 40
            and not re.search(r"[。！？!?，,；;]", line)
            and not re.search(r"附件|请|同意|意向|修改|改为|加入", line)
        )
        for line in lines
    )


def _bare(line: str) -> str:
    """Without emoji and other marks."""
    return "".join(
        " " if unicodedata.category(character) in ("So", "Sk", "Cs", "Co") else character for character in line
    )
