"""The invented units of the demonstration; all names, numbers and addresses are plainly samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STEMS = (
    "青岚", "松鹤", "云栖", "海棠", "石榴", "银杏", "白鹭", "雁门", "桂月", "竹溪",
    "墨池", "丹枫", "碧梧", "玉衡", "金穗", "紫荆", "兰台", "梅岭", "荷塘", "菊圃",
    "朝晖", "晚晴", "秋水", "春望", "夏木", "冬青", "长亭", "古渡", "西园", "东篱",
    "南浦", "北溟", "沧浪", "浣花", "听涛", "观澜", "问渠", "致远", "明德", "弘毅",
    "知行", "博雅", "格物", "求是", "日新", "厚朴", "怀瑾", "握瑜", "若谷", "上善",
    "静安", "同尘", "归真", "抱朴", "晴川", "锦屏", "凌霄", "望舒", "扶桑", "玄圃",
    "栖霞", "落雁", "飞云", "流萤", "疏影", "暗香", "横塘", "断桥", "平湖", "曲江",
    "灞柳", "渭滨", "洛浦", "太液", "采薇", "蒹葭", "淇奥", "鹿鸣", "甘棠", "木瓜",
    "子衿", "击壤", "南山", "鹤鸣", "琼林", "翠微", "紫薇", "素心", "蕙风", "芷兰",
    "芳洲", "烟波", "寒江", "孤帆", "远岫", "层峦", "叠翠", "飞瀑", "清泉", "幽谷",
    "空山", "新雨", "晚照", "明月", "松间", "石上", "竹喧", "莲动", "春晓", "夜泊",
    "江枫", "渔火", "钟声", "客船", "凤仪", "麟趾", "鸿渐", "鹏程", "雁来", "燕归",
)  # fmt: skip
SUFFIXES = (
    "专利代理事务所（普通合伙）", "科技有限公司", "律师事务所", "应用技术研究院",
    "生物医药股份有限公司", "职业学院", "文化传媒有限公司", "知识产权服务中心",
)  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
TITLES = ("经理", "总监", "办公室主任", "专利工程师", "秘书长", "合伙人", "法务主管")
DOMAINS = ("example.com", "example.net", "example.org")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sample unit: what it would write into the form, where it mails from, whether it is a member."""

    number: int
    name: str
    contact: str
    office_phone: str
    title: str
    mobile: str
    email: str
    member: bool

    @property
    def values(self) -> Mapping[str, str]:
        """The six values of the form by field id."""
        return {
            "unit": self.name, "contact": self.contact, "office_phone": self.office_phone,
            "title": self.title, "mobile": self.mobile, "email": self.email,
        }  # fmt: skip


def _unit(number: int, stem: str) -> Unit:
    return Unit(
        number=number,
        name=f"示例{stem}{SUFFIXES[number % len(SUFFIXES)]}",
        contact=f"{SURNAMES[number % len(SURNAMES)]}示例",
        office_phone=f"010-8000{number:04d}",
        title=TITLES[number % len(TITLES)],
        mobile=f"1380000{number:04d}",
        email=f"ipr{number:02d}@unit{number:02d}.{DOMAINS[number % len(DOMAINS)]}",
        member=number % 6 == 5,
    )


UNITS: tuple[Unit, ...] = tuple(_unit(number, stem) for number, stem in enumerate(STEMS, start=1))


def write_roster(path: Path, units: Sequence[Unit] = UNITS) -> None:
    """The roster .xlsx as the secretariat keeps it: one unit a row."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("名册", 0)
    sheet.append(["单位名称", "联系人", "电话", "手机", "电子邮箱", "是否会员"])
    for unit in units:
        member = "是" if unit.member else "否"
        sheet.append([unit.name, unit.contact, unit.office_phone, unit.mobile, unit.email, member])
    book.save(path)
