"""Whether a sentence is a plain yes to joining: no doubt, no condition, no delay, no withdrawal. Pure."""

from __future__ import annotations

import re
import unicodedata

_WILL = r"(?:同意|愿意?|自愿|决定|确认|申请|希望|报名|要求|请求|拟)"
_JOIN = r"(?:加入|加盟|参加|参与|入盟|入会|成为)"
_WE = r"(?:我|本|敝|鄙)(?:单位|公司|所|院|校|中心|司|方|们|会|企业|机构|协会|社|集团|学院|大学|事务所)"
_PLAIN_YES = re.compile(rf"{_WILL}[^,。;!]{{0,16}}{_JOIN}|{_WE}{_JOIN}|^{_WE}(?:已|均|都)?(?:同意|愿意)[。.!]?$")
_NOT_PLAIN = re.compile(
    r"不|未|没|无法|暂|撤|退|取消|延|推迟|迟|晚|改|放弃|拒|否|吗|呢|\?|如果|如需|若|倘|假如|除非|只要|但|"
    r"前提|条件|考虑|研究|商量|讨论|请示|审批|待|等|再|下周|下月|以后|之后"
)


def is_plain_yes(sentence: str) -> bool:
    """我单位同意加入 is one; 暂不加入, 如果免费则同意加入, 同意加入但…, 待研究后加入 are not. Never raises."""
    text = "".join(unicodedata.normalize("NFKC", sentence).split())
    return bool(_PLAIN_YES.search(text)) and not _NOT_PLAIN.search(text)
