# ruff: noqa: E501 (a Chinese character counts two columns; the table reads better in long lines)
"""What the labels of a blank form ask for: ids, kinds and further wordings of labels that every office prints.

Promises: the same label gives the same id whatever the form; a label that is not known gives field_1, field_2 ...
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from intake.campaign import FieldKind
from intake.form.folding import core_of, fold


@dataclass(frozen=True, slots=True)
class Known:
    """A sort of field: its id and kind, and the wordings that mean it."""

    id: str
    kind: FieldKind
    labels: tuple[str, ...]


def _known(id_: str, kind: FieldKind, labels: str) -> Known:
    return Known(id_, kind, tuple(labels.split()))


FIELDS = (
    _known("unit", "unit", "单位名称 单位全称 单位 机构名称 企业名称 公司名称 参会单位 申请单位 填报单位 申报单位 报名单位 会员单位 理事单位 会员名称 "
           "工作单位 所在单位 推荐单位 回执单位 填表单位 投票单位 单位名称及盖章"),
    _known("contact", "person", "联系人 联系人姓名 联络人 联络人姓名 联络员 经办人 会务联系人"),
    _known("filler", "person", "填表人 填写人 填报人 填表人姓名 填写人姓名"),
    _known("signature", "person", "签字 签名 代表签字 代表签名 负责人签字 投票人签字 投票人 表决人 表决人签字 参会人签字 单位负责人签字"),
    _known("name", "person", "姓名 理事姓名 监事姓名 会员姓名 学员姓名 参会人 参会人员 参会代表 参会人姓名 参会人员姓名 代表姓名 参会代表姓名 嘉宾姓名 报名人"),
    _known("legal_person", "person", "法定代表人 法人代表 法人 法定代表人姓名"),
    _known("head", "person", "负责人 单位负责人 主要负责人 负责人姓名 企业负责人"),
    _known("title", "text", "职务 职位 职务/职称 职称 联系人职务 职务职称 职务、职称 行政职务 部门及职务 部门/职务"),
    _known("department", "text", "部门 所在部门 处室 科室 所属部门"),
    _known("gender", "text", "性别"),
    _known("nation", "text", "民族"),
    _known("birth", "text", "出生年月 出生日期"),
    _known("education", "text", "学历 文化程度 最高学历"),
    _known("office_phone", "telephone", "办公电话 联系电话 电话 固定电话 座机 电话号码 单位电话 办公室电话 联系方式"),
    _known("mobile", "mobile", "手机号码 手机 手机号 移动电话 联系手机"),
    _known("email", "email", "电子邮箱 邮箱 电子邮件 E-mail Email 邮箱地址 电邮 电子信箱"),
    _known("fax", "telephone", "传真 传真号码 传真电话"),
    _known("address", "text", "通讯地址 地址 单位地址 联系地址 通信地址 邮寄地址 办公地址 注册地址"),
    _known("postcode", "text", "邮政编码 邮编"),
    _known("website", "text", "网址 单位网址 网站 公司网址 官网"),
    _known("credit_code", "text", "统一社会信用代码 社会信用代码 信用代码 组织机构代码 纳税人识别号 税号"),
    _known("id_number", "text", "身份证号 身份证号码 身份证 证件号码"),
    _known("wechat", "text", "微信 微信号"),
    _known("qq", "text", "QQ QQ号 QQ号码"),
    _known("founded", "text", "成立时间 成立日期 注册时间 成立年份"),
    _known("capital", "text", "注册资本 注册资金"),
    _known("staff", "text", "员工人数 从业人数 职工人数 人员规模 单位人数"),
    _known("people", "text", "参会人数 人数 报名人数 用餐人数 住宿人数"),
    _known("arrival", "text", "抵达时间 到达时间 抵京时间 报到时间 到会时间"),
    _known("departure", "text", "离开时间 返程时间 离会时间 离京时间"),
    _known("train", "text", "车次 航班 航班/车次 航班号 车次/航班 航班车次"),
    _known("date", "text", "日期 填表日期 填写日期 填报日期 填表时间"),
    _known("introduction", "text", "单位简介 企业简介 公司简介 简介"),
    _known("business", "text", "主营业务 主要业务 经营范围 业务范围"),
    _known("suggestions", "text", "意见建议 意见和建议 意见与建议 建议 意见 您的建议 其他意见 其他意见和建议 对协会的意见建议"),
    _known("topic", "text", "发言题目 演讲题目 发言主题 议题"),
    _known("remarks", "text", "备注 说明 其他 其他说明 备注说明 其他需求 特殊要求"),
)  # fmt: skip
CHOICES = (
    (r"性别", "gender"), (r"住宿|房型|订房|房间", "lodging"), (r"餐|宴", "meals"), (r"参观|考察", "visit"), (r"服务(?:类型|领域|项目|内容)", "services"), (r"性质|类型|类别", "nature"),
    (r"业务领域|服务领域|业务范围|业务类型|所属领域|领域", "fields_of_work"), (r"上市", "listed"), (r"人数|规模", "size"), (r"是否.{0,4}(?:参会|参加|出席)", "attend"),
    (r"接站|接机|接送", "pickup"), (r"发言|演讲", "speak"), (r"发票", "invoice"), (r"会员", "member"), (r"加入", "join"),
)  # fmt: skip
_BY_CORE = {core_of(label): known for known in FIELDS for label in known.labels}
_WHOSE = re.compile(r"^(?:贵|本|我|你|您的?|该)(?:单位|公司|机构)?的?")
_KIND_WORDS: tuple[tuple[str, FieldKind], ...] = (
    (r"手机|移动电话", "mobile"), (r"电话|座机|传真", "telephone"), (r"邮箱|邮件|e-?mail", "email"),
    (r"(?:单位|企业|公司|机构)(?:名称|全称)$", "unit"), (r"姓名$|联系人$|负责人$|签[字名]$|人$", "person"),
)  # fmt: skip
COMMON = frozenset({"unit", "contact", "office_phone", "mobile", "email", "title", "fax", "address", "postcode"})


def known_field(label: str) -> Known | None:
    """The sort of field that a label names, if it is one that every office prints."""
    bare = core_of(label)
    return _BY_CORE.get(bare) or _BY_CORE.get(_WHOSE.sub("", bare))


def kind_of(label: str) -> FieldKind:
    """The kind of a field by its label: known, or told by a word in it."""
    known = known_field(label)
    if known:
        return known.kind
    bare = core_of(label)
    return next((kind for pattern, kind in _KIND_WORDS if re.search(pattern, bare)), "text")


def field_id(label: str, taken: Collection[str]) -> str:
    """A readable id that is not taken yet: of the known sort, else field_1, field_2 ..."""
    known = known_field(label)
    return _free(known.id, taken) if known else _numbered("field", taken)


def choice_id(label: str, taken: Collection[str]) -> str:
    """lodging, meals ... for questions every meeting asks, else question_1, question_2 ..."""
    short = fold(label)
    plain = len(short) <= 16 and not re.search(r"议案|审议|关于|方案", short)
    found = next((id_ for pattern, id_ in CHOICES if plain and re.search(pattern, short)), "")
    return _free(found, taken) if found else _numbered("question", taken)


def _free(id_: str, taken: Collection[str]) -> str:
    return id_ if id_ not in taken else _numbered(id_, taken, 2)


def _numbered(stem: str, taken: Collection[str], start: int = 1) -> str:
    number = start
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def wordings(label: str, printed: Collection[str]) -> tuple[str, ...]:
    """The label and other wordings of the same sort, those that the form prints for something else left out."""
    known = known_field(label)
    if not known or known.id not in COMMON:
        return (label,)
    others = {core_of(other) for other in printed} - {core_of(label)}
    return tuple(dict.fromkeys((label, *(word for word in known.labels if core_of(word) not in others))))
