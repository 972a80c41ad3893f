"""What the newly written text of a mail states or asks.

Promises: small named rules over Chinese wording; a hypothetical (如愿意加入) or a question (是否愿意加入) is no
statement, and a boilerplate choice to tick is neither. Only text that the sender newly wrote may be
passed in. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache

from intake.normal_form import nfkc

_ENDS = re.compile(r"(?<=[。！？!?；;])|\n")
_WE = (
    r"(?:我|本|敝|鄙)(?:单位|公司|所|院|校|中心|司|方|们|会|企业|机构|协会|社|集团|学院|大学|人|"
    r"律所|事务所|研究所|研究院)?"
)
_JOIN = (
    r"(?:入盟|加盟|入会|(?:加入|参加|参与)(?![^,。]{0,10}(?:会议|培训|活动|论坛|沙龙|讲座|比赛|展))|"
    r"成为[^,。]{0,16}(?:会员|成员))(?![^,。]{0,18}(?:意向书|申请表|申请书|表|材料|回执))"
)
_NOT = (
    r"(?:不(?:愿意?|同意|拟|打算|准备|考虑|再|会|想|便)?|暂不|暂时?不|无意|没有意向|放弃|谢绝|婉拒|拒绝|"
    r"无法|不能|退出)"
)
_WILLING = r"(?:同意|愿意?|自愿|乐意|申请|决定|确定|确认|报名|有意向?|意向|希望|要求|积极|踊跃|欣然|特此)(?:向.{0,12})?"
_DATA = r"(?:信息|联系人|联络员|电话|手机号?码?|号码|邮箱|单位名称|名称|职务|意向|选项|内容)"
_CHANGED = r"(?:更正|订正|勘误|更改|变更|修改|改动)"
_THING = r"(?:意向|申请|入盟|加入|表|声明|回执|资格|登记|报名)"
_UNDO = r"(?:撤回|撤销|收回|取消|作废)"
# Each rule with the characters or words without which it cannot hit: most sentences hold none of them.
_STATEMENTS: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        "refuses",
        re.compile("[不无没弃绝拒退]"),
        re.compile(rf"{_NOT}[^,。]{{0,8}}{_JOIN}|^(?:{_WE})?(?:经研究)?[,，]?(?:暂)?(?:不同意|不愿意)[。.!]?$"),
    ),
    (
        "joins",
        re.compile(_JOIN),
        re.compile(rf"(?:{_WE}.{{0,16}})?{_WILLING}[^,。]{{0,12}}{_JOIN}|{_WE}(?:拟|将|要|也)?{_JOIN}"),
    ),
    ("agrees", re.compile("意"), re.compile(rf"^[^,，]{{0,4}}{_WE}(?:已)?(?:同意|愿意)[。.!！]?$")),
    ("withdraws", re.compile(_UNDO), re.compile(rf"{_UNDO}.{{0,16}}{_THING}|{_THING}[^。,，]{{0,8}}{_UNDO}")),
    (
        "asks-for-time",
        re.compile("[延迟宽缓晚按截期]"),
        re.compile(
            r"(?:申请|请求|希望|恳请|特请|拟)[^。]{0,10}(?:延期|延后|推迟|宽限|顺延|缓交)|"
            r"延期[^。]{0,8}(?:提交|报送|上报|反馈|回复|申请|至|到)|"
            r"(?:推迟|延后|晚|迟)(?:几天|一天|两天|一周|[\d一二三]+(?:天|日|周))|"
            r"(?:无法|不能|来不及)[^。]{0,10}(?:按时|截止|按期|期限)"
        ),
    ),
    (
        "corrects",
        re.compile("[正误改更错准]"),
        re.compile(
            rf"{_CHANGED}(?:如下|一下|为|成|[^。]{{0,16}}{_DATA})|"
            rf"{_DATA}[^。？?]{{0,12}}(?:{_CHANGED}|改)(?:为|成|一下|如下)|"
            r"(?:填错|写错|勾错|选错|有误|误填|误勾|误选)|以(?:此|本|这|新|后)(?:次|份|封|件|版)?[^。]{0,6}为准"
        ),
    ),
)
_NOT_STATED = re.compile(
    r"是否|能否|可否|要不要|会不会|吗|么[？?]|[？?]|如何|怎么|怎样|什么|哪|"
    r"^(?:[^,，]{0,8})(?:如果?|若|倘若|假如|要是|一旦|凡|只要)(?!何|期|实|约|下|上|此|今)"
)
_MISTAKEN = re.compile(r"(?:如果?|若|倘|假如|如发现|如有).{0,10}(?:有误|错|变更|更改|修改|变动)|无误|没有误|没有错")

_MAY_ASK = re.compile("[问教咨解知否不没怎何什多哪吗呢么告示复认]|how|could|please|wh", re.I)  # so few lines do
_ASKS = re.compile(
    r"请问|请教|咨询一下|想?问一下|想请问|问问|麻烦问|想了解|想知道|不知(?:道)?(?:是否|能否|可否|如何|怎么|什么)|"
    r"是否(?:可以|需要|能|必须|要|还|已|有|收到)|能否|可否|能不能|可不可以|要不要|需不需要|有没有|是不是|怎么(?!了|样都)|"
    r"怎样|如何(?!能|以)|什么时候|什么时间|何时|多久|多少|哪里|哪些|哪个|哪位|为何|为什么|(?:吗|呢|么)\s*[?？]|"
    r"(?:想|要|特|来信|来函|来电)(?:向.{0,8})?咨询|向.{1,8}咨询|咨询(?:下|您|贵|以下|几个|如下|问题)|"
    r"(?:收到|收悉)了?(?:没|吗)|(?:请|烦请|麻烦)[^。]{0,12}(?:告知|告诉|解答|指教|明示|回复|答复|确认)(?!收到|此致)|"
    r"how (?:can|do|should) (?:i|we)\b|could you|please (?:advise|let)|what is|when is",
    re.I,
)
_MARK = re.compile(r"[?？]")
_CONSULTANCY = re.compile(r"咨询(?:有限|股份|集团|公司|服务|中心|热线|电话|部|师|机构|业|顾问|事务|管理|委员)")
_ENDED = re.compile(r"[。！？!?；;：:.]\s*$")
_LINK = re.compile(r"https?://\S+")
_BLANKS = re.compile(r"\s+")
_PLAIN_CHOICE = re.compile(r"是否愿意|是\s*[□☐☑√]|[□☐]\s*(?:是|否)")


@lru_cache(maxsize=2)  # asked for the same text by several rules
def sentences(text: str) -> tuple[str, ...]:
    """Sentences in order; a line that was wrapped by a mailer goes on with the next."""
    joined: list[str] = []
    for line in text.split("\n"):
        wrapped = joined and len(joined[-1]) >= 30 and not _ENDED.search(joined[-1])
        if wrapped and line.strip():
            joined[-1] += line.strip()
        else:
            joined.append(line.strip())
    return tuple(filter(None, (piece.strip() for line in joined for piece in _ENDS.split(line) if piece)))


def statement(text: str) -> tuple[str, str]:
    """(rule, sentence) of the first sentence that states something for the unit, or ("", "")."""
    for sentence in sentences(text):
        said = plain(sentence)
        rule = _stated(said) if len(said) <= 300 else ""
        if rule and not (_NOT_STATED.search(said) or _PLAIN_CHOICE.search(said)):
            return f"statement-{rule}", sentence[:200]
    return "", ""


def _stated(said: str) -> str:
    """The first rule whose wording a sentence has, or ""."""
    for name, hint, pattern in _STATEMENTS:
        if hint.search(said) and pattern.search(said) and not (name == "corrects" and _MISTAKEN.search(said)):
            return name
    return ""


def question(text: str) -> str:
    """`asks` where the wording asks, `question-mark` where only the mark stands, "" otherwise."""
    marked = False
    for sentence in sentences(text):
        said = plain(sentence)
        if _PLAIN_CHOICE.search(said):
            continue
        if _MAY_ASK.search(said) and _ASKS.search(_CONSULTANCY.sub("", said)):
            return "asks"
        marked = marked or bool(_MARK.search(_LINK.sub("", said)))
    return "question-mark" if marked else ""


def plain(line: str) -> str:
    """NFKC, one space at most between words."""
    return _BLANKS.sub(" ", nfkc(line)).strip()
