"""Whether a text is plainly a person's name: a surname of the common ones, two to four characters, no title."""

from __future__ import annotations

import re

# The hundred commonest surnames (Ministry of Public Security, report on names 2020) and some more, then double ones.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪"
    "葛牛樊温邢倪俞翟殷柳章鲁卓季聂祝岳齐庄梅耿关焦左"
)
_DOUBLE = ("欧阳", "上官", "司马", "诸葛", "皇甫", "司徒", "令狐", "夏侯", "尉迟", "东方", "端木", "慕容")
_NO_NAME = re.compile(
    r"[不没未无请是否的了吗呢稍暂改换变待告便]|(?:老师|经理|主任|处长|科长|部长|所长|院长|会长|总监|总|工|先生|女士|同志|秘书|助理|律师|教授|书记)$"
)


def is_name(text: str) -> bool:
    """Whether nobody would take it for anything but a name. A rare surname goes unrecognised."""
    if not re.fullmatch(r"[\u3400-\u9fff·]{2,4}", text) or _NO_NAME.search(text):
        return False
    return text[0] in _SURNAMES or (len(text) > 2 and text.startswith(_DOUBLE))
