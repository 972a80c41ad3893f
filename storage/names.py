"""When two written names are one unit's, and when they are so close that a person must say.

Promises: pure rules over text; equal keys are one unit, near names are only ever proposed.
Never touches the register.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

# Traditional characters met in the names of units, and the same in simplified ones.
_TRADITIONAL = (
    "國學產權會業務協識專標師術資諮詢機構電網絡團責東華廣場區縣鄉鎮開發動製藥醫療環節綠島灣銀際"
    "聯鑒證書訊視聽傳統實驗設計劃創園農歷車輛鐵飛無線遠達興榮慶億萬鴻陽陳張劉趙吳鄭馮韓龍鳳來"
    "濟貿經營運輸紡織機應屬圖館藝體質檢測時雲據數碼軟個顧問單點號總辦處組織員長門關係轉讓報"
)
_SIMPLIFIED = (
    "国学产权会业务协识专标师术资咨询机构电网络团责东华广场区县乡镇开发动制药医疗环节绿岛湾银际"
    "联鉴证书讯视听传统实验设计划创园农历车辆铁飞无线远达兴荣庆亿万鸿阳陈张刘赵吴郑冯韩龙凤来"
    "济贸经营运输纺织机应属图馆艺体质检测时云据数码软个顾问单点号总办处组织员长门关系转让报"
)
_SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
_BRACKETS = str.maketrans("[{<〔【〈《「『〖]}>〕】〉》」』〗", "((((((((((" + "))))))))))")
_DROPPED = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\"'“”‘’`]+")
_DOTS = re.compile(r"[·•・‧∙⋅●]")
_DASHES = re.compile(r"[‐‑‒–—―−─－]+")
_SEAL = re.compile(r"\((?:盖章|公章|签章|加盖公章|单位盖章|单位公章|章)\)$")
_TAIL = ".。,,;;:、:_"

_PLACE = re.compile(r"^(?:中国)?(?:北京市?|首都)?")
_PLACE_INSIDE = re.compile(r"\((?:北京市?|中国|集团)\)")
_FORM = re.compile(
    r"(?:\((?:普通合伙|特殊普通合伙|特殊的普通合伙|有限合伙|合伙)\))?"
    r"(?:股份有限责任公司|有限责任公司|股份有限公司|有限公司|集团公司|总公司|公司|集团|\(普通合伙\)|\(特殊普通合伙\)|"
    r"\(特殊的普通合伙\)|\(有限合伙\)|\(合伙\))*$"
)
_TELLING = re.compile(r"[0-9a-z一二三四五六七八九十百甲乙丙丁东南西北第分]")
_TRADES = re.compile(
    "知识产权|专利|商标|版权|代理|律师|事务所|会计师|税务师|科技|科学|技术|咨询|服务|管理|信息|投资|基金|评估|鉴定|研究院|研究所|"
    "大学|学院|医院|协会|学会|联合会|促进会|中心|发展|交易|运营|网络|法律|文化|传媒|教育|工程|贸易|电子|软件|数据|医药|"
    "生物|环保|能源|材料|装备|制造|设计|出版社|杂志社|银行|保险|担保|资产|控股|实业|产业|创业|孵化器|园区|联盟|平台"
)
SHORT_FORM = 4  # a core so long may be the short form of a longer one


@lru_cache(maxsize=1 << 12)
def name_key(name: str) -> str:
    """The form under which names are compared for equality; at most 200 characters.

    NFKC, no spaces and quotation marks, one kind of bracket, dot and dash, small Latin letters,
    simplified characters, without the note （盖章） and without punctuation at the end.
    """
    key, before = name, None
    while key != before:  # a step may bring together what an earlier one would have joined
        before, key = key, _simplified(key)
    return key


def _simplified(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().translate(_SIMPLE).translate(_BRACKETS)
    text = _DASHES.sub("-", _DOTS.sub("·", _DROPPED.sub("", text)))
    if not text.isprintable():
        text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cf"))
    return _SEAL.sub("", text.strip(_TAIL))[:200]


def core(key: str) -> str:
    """A key without place and legal form: 北京示例知识产权代理有限公司 and 示例知识产权代理公司 have the same."""
    bare = _FORM.sub("", _PLACE_INSIDE.sub("", key))
    return _PLACE.sub("", bare) or bare


class _Name(NamedTuple):
    """`proper` is what the core says before the first word of a trade: 示例 of 示例知识产权代理."""

    core: str
    key: str
    proper: str


@lru_cache(maxsize=1 << 16)
def _name(key: str) -> _Name:
    bare = core(key)
    trade = _TRADES.search(bare)
    return _Name(bare, key, bare[: trade.start()] if trade else bare)


class Names:
    """Keys of units to look near ones up among; looking up a key costs little more for many than for few.

    Of two near names the proper one of the first begins the second, or the other way round: short forms begin alike,
    and a slip is looked for only inside the words of a trade.
    """

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._order = {key: at for at, key in enumerate(dict.fromkeys(keys))}
        self._sorted = sorted(map(_name, self._order))
        self._by_proper: dict[str, list[_Name]] = {}
        for name in self._sorted:
            self._by_proper.setdefault(name.proper, []).append(name)

    def add(self, key: str) -> None:
        if key not in self._order:
            name = _name(key)
            self._order[key] = len(self._order)
            insort(self._sorted, name)
            self._by_proper.setdefault(name.proper, []).append(name)

    def __contains__(self, key: str) -> bool:
        return key in self._order

    def near(self, key: str) -> list[str]:
        """Those of the other keys that may well be the same unit written otherwise, in their order, each once."""
        mine = _name(key)
        if not mine.core:
            return []
        others = [other for other in self._alike(mine) if other.key != key]
        found = {other.key for other in others if _begin_alike(mine.core, other.core)}
        found.update(other.key for other in _slips(mine.core, others))
        return sorted(found, key=self._order.__getitem__)

    def _alike(self, mine: _Name) -> list[_Name]:
        """The few that are worth a closer look."""
        begins = (self._by_proper.get(mine.proper[:length], ()) for length in range(len(mine.proper)))
        return [*self._beginning(mine.proper), *chain.from_iterable(begins)]

    def _beginning(self, begin: str) -> list[_Name]:
        """Those whose cores begin so."""

        def begun(name: _Name) -> str:
            return name.core[: len(begin)]

        first = bisect_left(self._sorted, begin, key=begun)
        return self._sorted[first : bisect_right(self._sorted, begin, first, key=begun)]


def _slips(mine: str, others: Sequence[_Name]) -> Iterator[_Name]:
    """Those of the others that a slip tells apart from mine; all are measured in one call."""
    if not others:
        return
    from rapidfuzz import process  # only when a name is new
    from rapidfuzz.distance import OSA

    cores = [other.core for other in others]
    for theirs, _, at in process.extract(mine, cores, scorer=OSA.distance, score_cutoff=1, limit=None):
        if _slip(mine, theirs):
            yield others[at]


def near(key: str, others: Iterable[str]) -> list[str]:
    """Those of the other keys that may well be the same unit written otherwise, in their order."""
    return Names(others).near(key)


def _begin_alike(one: str, other: str) -> bool:
    """Equal cores, or one the short form of the other."""
    return one == other or ((one.startswith(other) or other.startswith(one)) and _short_form(one, other))


def _short_form(one: str, other: str) -> bool:
    """The shorter begins the longer and is most of it; a difference that tells branches apart is none."""
    short, long = sorted((len(one), len(other)))
    most = short >= SHORT_FORM and short * 3 >= long * 2
    return most and not _TELLING.search(max(one, other, key=len)[short:])


def _slip(one: str, other: str) -> bool:
    """Of two cores at a distance of one: whether the difference is a slip inside a word of the trade (知识产杈).

    A slip in the proper name is not looked for: 华信 and 华欣 are two units.
    """
    for at, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return (at in _trades(one)) != (at in _trades(other))
    return False


@lru_cache(maxsize=1 << 12)
def _trades(text: str) -> frozenset[int]:
    """The places in a core that belong to words of the trade."""
    return frozenset(at for found in _TRADES.finditer(text) for at in range(*found.span()))


def resembles(key: str, other: str) -> bool:
    """Names that differ in at most a quarter of their cores: enough only where the address speaks for the unit too."""
    from rapidfuzz.distance import OSA

    one, two = core(key), core(other)
    most = min(len(one), len(two)) // 4
    return most > 0 and OSA.distance(one, two, score_cutoff=most) <= most
