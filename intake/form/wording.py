"""What an answer in words says: yes, no, already a member, undecided, left out, or nothing about the question.

Promises: only whole sentences of known grammar are definite; whatever is not understood is `other`, never a guess.
The objects of a sentence (联盟, 协会 ...) are taken from the question's own labels.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, TypeAlias

from intake.campaign import ChoiceSpec
from intake.form.folding import fold

Says: TypeAlias = Literal["", "yes", "no", "member", "undecided", "left out", "other"]

_PARTS = re.compile(r"[,，。;；!！、/()（）:：…~～\[\]【】〔〕“”\"'‘’|]+")
_LEFT_OUT = re.compile(r"(?:[/\\—\-–－_~～.。·、|]+|无|空|空白|略|不填|未填|不适用|n/?a|none|nil|null|无内容|不涉及)")
_HARMLESS = re.compile(
    r"(?:[\d\s年月日.\-]*|(?:我|[我本]单位|[我本]公司)?(?:选择?|勾选)|单?位?(?:公章|盖章|签章|签字)|(?:加?盖)公?章|签名|谢谢|感谢.*|多谢|您好|你好|特此.*|日期|经.{0,6}研究|经.{0,10}会议?(?:讨论|决定)?|备注|答|答复|回复|回答|结果|选择|意向|请选择|单选|必填|[勾填]选?写?|选|[打划画][勾钩]|(?:详情?)?见附件.{0,10}|很?遗憾|抱歉|(?:并|将|愿意?|承诺|自觉)*(?:遵守|拥护|履行|支持).{1,20})"
)
_REASON = re.compile(r"(?:因为?|由于|鉴于)(?!.*(?:会员|入会|[不未没][愿同])).{1,30}")
_REQUEST = re.compile(
    r"(?:敬请|烦请|麻烦|请|希望(?!加入|参加|成为|入[会盟])|期待|盼望?|望)(?!.*[不否免费改待定研决再先如若]).{1,24}"
)
_PUNCTUATION = re.compile(r"[;；!！,，.。:：…~～、()（）\s]+")
_UNDECIDED = re.compile(
    r"(?<![期招接对看])待|再议|再定|再说|再考虑|未定|未决|未确定|尚未|还没|不确定|没确定|不清楚|不详|不好说|考虑中|正在考虑|考虑一下|研究中|研究后|商议|商讨|讨论(?!决定|通过|同意)|"
    r"尚需|需(?:要)?(?:请示|审[批核议]|批[准复]|研究|领导|上级|上会|总部|进一步|经|报|等)|请示|视.*而定|视情况|看情况|看看|另行|暂定|暂缓|后再|以后|为准|作废|"
    r"填错|勾错|选错|有误|错误|误选|误勾|改为|改成|改选|更正|更改|修改|变更|应为|应该|应选|应当|应是|请改|改|前提|条件|如果|倘若|假如|^若|^如|除非|但|不过|"
    r"保留|两可|均可|都可以?|都行|随意|不一定|可能|也许|大概|或许|犹豫|观望|撤回|取消|\?|？"
)
_WHEN = r"(?:(?:于|自|从)?\d{2,4}年?(?:\d{1,2}月)?(?:份|起|前|初|底|开始|以来)?(?:即|就)?)?"
_MEMBER = re.compile(
    r"(?:已经?|早已|现已|业已|本来|原)(?:就)?(?:是|为|系|成为|加入|入会|取得).*"
    r"|(?:无需|无须)(?:再)?(?:填写?|勾选?|选择?|选|答)?.*|(?:不需要?|不必|不用|免)(?:再)?(?:填写?|勾选?|选择?|选|答).*"
    r"|.*(?:老会员|会员单位|理事单位|会长单位|监事单位)|(?:贵会|协会|正式)?会员(?:编号|证号)?"
)
_MEMBER_STATED = re.compile(r"(?:现|目前|一直|本|就)*(?:是|为|系)[贵你本该]?.{0,12}(?:会员|理事|会长|监事)(?:单位)?")
_WHO = (
    r"(?:(?:我|本|敝|该|贵)?(?:单位|公司|企业|机构|学院|研究院|院|研究所|所|校|学校|大学|中心|事务所|集团|协会|方)"
    r"|我们|我|本人)?"
)
_HOW = (
    r"(?:经[^不未没待]{1,14}(?:研究|讨论|审议|会议?)(?:后?一致)?(?:决定|同意|通过))?"
    r"(?:非常|十分|很|特别|完全|均|都|也|经研究决定|经研究|决定|确定|确认|现|积极|热烈|申请|自愿|选择?|勾选?)*"
)
_JOINS = r"(?=加入|参加|成为|入[会盟])"
_YES = (
    rf"(?:有(?:加入|入会|入盟)的?(?:意向|意愿)|(?:希望|想要?|拟|要求|打算|愿|有意){_JOINS}"
    r"|愿意?|同意|可以|申请|乐意|加入|参加|成为|有意向?|有意愿|自愿|接受|希望|需要|确认|入会|入盟)"
)
_YES_ALONE = r"(?:是的?|要|行|好的?|ok|yes|y|true|对)[的吧哦啊]?"
_NOW = r"(?:暂时?|目前|现阶段|现在|现|近期|今年|本年度|先|还|尚|仍|本次|此次|这次)*"
_NO = (
    r"(?:无意(?:愿|向)?|没有(?:加入|入会|入盟)的?(?:意向|意愿|打算|计划)|(?:不便于?|不能够?|无法)"
    rf"{_JOINS}|不(?:愿意?|同意|加入|参加|成为|参与|考虑|打算|准备|计划|想|需要?|予|申请|接受|行|可以|要|了|入会|入盟)*"
    r"|否|无(?:此|入会|入盟|加入)?(?:意向|意愿|需求|计划|打算)|没有?(?:此|入会|入盟|加入)?(?:意向|意愿|需求|计划|打算)|未考虑|放弃|反对|谢绝|拒绝|婉拒|no|n|false|0)"
)
_LINKS = r"(?:加入|参加|成为|参与|申请|考虑|贵|该|本|你们?|此|的|了|单位|会员|成员|为|做|吧|哦|啊)"
_PLAINLY_UNDECIDED = re.compile(
    r"待定|再议|再定|未定|尚未(?:确定|决定)|考虑中|研究后|研究中|[勾填选]写?选?(?:有误|错)|误[勾选填]|为准|改为|改选|改成|暂缓|作废|应为|应选|更正"
)
_SENTENCE = 60  # characters; a longer clause is no plain answer
_AGAINST = re.compile(r"[不否未没非误错改撤退暂缓反拒换消]")
_MISTAKE = re.compile(r"[误错改撤换消]")


def says(text: str, spec: ChoiceSpec) -> Says:
    """What a text answers to the question; "" where it holds nothing about it (盖章, a date, thanks).

    Parts divided by punctuation must agree; parts that do not are `undecided`.
    """
    whole = fold(text)
    if not whole:
        return ""
    if _LEFT_OUT.fullmatch(whole):
        return "left out"
    if whole in ("1", "0") and spec.yes_no:
        return "yes" if whole == "1" else "no"
    said = {part for part in (_part_says(piece.strip("."), spec) for piece in _PARTS.split(whole) if piece) if part}
    if not said:
        return "" if re.search(r"\w", whole) or _PUNCTUATION.fullmatch(whole) else "other"
    if "undecided" in said or len(said) > 1:
        return "other" if said == {"other", "left out"} else "undecided"
    return said.pop()


def _part_says(part: str, spec: ChoiceSpec) -> Says:
    yes, no = _grammar(spec)
    if _HARMLESS.fullmatch(part) or _REQUEST.fullmatch(part):
        return ""
    if _UNDECIDED.search(part):
        return "undecided"
    if _REASON.fullmatch(part):
        return ""
    if _LEFT_OUT.fullmatch(part):
        return "left out"
    if spec.may_be_member and (re.fullmatch(_WHO + _WHEN + r"(?:" + _MEMBER.pattern + r")", part) or _is_member(part)):
        return "member"
    if not spec.yes_no or len(part) > _SENTENCE:
        return "other"
    if no.fullmatch(part) or (part == "不是" and not spec.may_be_member):
        return "no"
    return "yes" if yes.fullmatch(part) and "考虑" not in part else "other"


def _is_member(part: str) -> bool:
    return bool(re.fullmatch(_WHO + _WHEN + "(?:" + _MEMBER_STATED.pattern + ")", part)) and not part.startswith("不")


@lru_cache(maxsize=64)
def _grammar(spec: ChoiceSpec) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Whole sentences that answer yes, and no."""
    asked = fold("".join(spec.labels) + spec.short)
    chars = "".join(sorted({char for char in asked if "\u4e00" <= char <= "\u9fff"} - set("是否如已无需填写不")))
    ending = f"(?:{_LINKS}|[{chars}])*+" if chars else f"{_LINKS}*+"  # possessive: both match the same characters
    yes = re.compile(f"{_WHO}{_HOW}(?:{_YES}{ending}|{_YES_ALONE})")
    no = re.compile(f"{_WHO}{_HOW}{_NOW}{_HOW}{_NO}{ending}")
    return yes, no


def speaks_against(text: str, chosen: str, spec: ChoiceSpec) -> bool:
    """Whether a remark beside a ticked option casts doubt on it; `chosen` is the answer ticked."""
    said = says(text, spec)
    if said in ("", "left out") or said == chosen:
        return False
    if said == "other":
        return bool((_MISTAKE if chosen == "no" else _AGAINST).search(fold(text)))
    return True


def plainly_undecided(text: str) -> bool:
    """Whether a note that names no question still says that an answer is open or wrong."""
    return bool(_PLAINLY_UNDECIDED.search(fold(text)))
