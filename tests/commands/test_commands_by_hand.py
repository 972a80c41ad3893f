"""What the secretariat does from the shell, as typed: find a unit, stop and start letters."""

from __future__ import annotations

import json

import pytest
from conversations.office_in_memory import SECRETARY
from promises.post_office import A, B, PostOffice

from program.demo import forms
from program.demo.forms import Answers
from program.demo.units import Unit


def _run(post: PostOffice, *words: str, code: int = 0) -> str:
    ended = post.command(*words)
    assert (ended.code, ended.err) == (code, ""), ended
    return ended.out


def test_a_unit_is_found_with_its_story(post: PostOffice) -> None:
    post.form(A)
    post.form(B)
    post.once()
    told = _run(post, "find", A.name)
    assert told.startswith(f"{A.name}\n  登记号")
    assert f"邮件正文  已登记\n  去信：\n    2016年11月18日（星期五）10:00  登记回执  {A.email}  已发" in told
    assert B.name not in told
    both = json.loads(_run(post, "find", "--json", "示例"))
    assert {A.name, B.name} <= {unit["unit"] for unit in both["units"]}
    assert both["units"][0]["choices"] == {"join": "yes", "member": "no"}


def test_a_unit_is_found_by_receipt_number_and_address(post: PostOffice) -> None:
    post.form(A)
    post.once()
    ((number,),) = post.query("SELECT number FROM receipts")
    assert _run(post, "find", number) == _run(post, "find", A.email)


def test_a_wrong_name_gets_the_near_ones(post: PostOffice) -> None:
    post.form(A)
    post.once()
    told = _run(post, "find", A.name.replace("有限公司", "公司"))
    assert told.startswith("没有找到")
    assert f"名称相近的有：{A.name}。" in told
    assert "请核对名称后再查" in _run(post, "find", "毫不相干的东西")


def test_letters_to_units_stop_and_go_on(post: PostOffice) -> None:
    post.form(A)
    assert "已暂停向各单位发信" in _run(post, "pause", "--by", "刘")
    assert "此前已经暂停" in _run(post, "pause")
    post.once()
    assert post.letters() == []
    assert "暂停：秘书处已暂停向各单位发信（刘）" in _run(post, "status")
    assert _run(post, "resume") == "已恢复向各单位发信，留存的信函将按限度陆续发出。现有1封待发。\n"
    assert "并未暂停" in _run(post, "resume")
    post.once(5)
    assert [letter.kind for letter in post.letters()] == ["acknowledgement"]
    told = "SELECT recipient, json_extract(facts, '$.desk.by') FROM letters WHERE kind = 'confirmation'"
    assert [row[0] for row in post.query(told)] == [SECRETARY, SECRETARY]
    assert post.query("SELECT through, word FROM audits") == [("shell", "暂停发送"), ("shell", "恢复发送")]


# ---- forms that came another way ---------------------------------------------------------------

WECHAT = ("--channel", "微信", "--at", "2016-11-18T10:00", "--by", "刘")


def _file(post: PostOffice, of: Unit = A, *, join: str = "yes", mark: str = "☑") -> str:
    path = post.folder / "微信收到的意向书.docx"
    path.write_bytes(forms.docx(Answers(of.values, join, "no"), mark))
    return str(path)


def test_a_file_is_entered_like_an_attachment(post: PostOffice) -> None:
    told = _run(post, "enter", _file(post), *WECHAT)
    ((number,),) = post.query("SELECT number FROM receipts")
    assert told.startswith(f"{A.name}：已登记，登记号{number}（微信，2016年11月18日（星期五）10:00收到）\n")
    assert told.endswith("未向该单位发信。\n")
    row = "SELECT channel, json_extract(sources, '$[0]'), lateness, sender FROM submissions"
    assert post.query(row) == [("微信", "微信收到的意向书.docx", "in time", "cipsa@vip.126.com")]
    assert post.query("SELECT by, through, word, reference FROM audits") == [("刘", "shell", "代录 微信", number)]
    assert post.query("SELECT count(*) FROM letters") == [(0,)]
    assert "微信收到的意向书.docx  已登记" in _run(post, "find", A.name)


def test_lateness_goes_by_the_time_it_truly_came(post: PostOffice) -> None:
    assert "已登记，逾期" in _run(post, "enter", _file(post), "--channel", "传真", "--at", "2016-12-02 17:01")
    told = _run(post, "enter", _file(post, B), "--channel", "纸质", "--at", "2016-12-02", "--receipt-to", B.email)
    assert "是否按时待核" in told
    assert told.endswith(f"待办处理之后，登记回执将发往 {B.email}。\n")
    assert post.query("SELECT count(*) FROM letters") == [(0,)]
    assert "未写明钟点，不能确定是否在截止时间" in told
    assert "按时|逾期" in told


def test_a_receipt_goes_where_a_person_says(post: PostOffice) -> None:
    assert f"登记回执将发往 {A.email}。" in _run(post, "enter", _file(post), *WECHAT, "--receipt-to", A.email)
    assert post.query("SELECT kind, recipient FROM letters") == [("acknowledgement", A.email)]


def test_the_same_again_is_recorded_once(post: PostOffice) -> None:
    _run(post, "enter", _file(post), *WECHAT)
    assert _run(post, "enter", _file(post), *WECHAT) == "与此前登记的内容完全相同，未重复登记。\n"
    told = _run(post, "enter", _file(post), *WECHAT, "--receipt-to", A.email)
    assert told == f"与此前登记的内容完全相同，未重复登记。\n登记回执将发往 {A.email}。\n"
    assert post.query("SELECT kind, recipient FROM letters") == [("acknowledgement", A.email)]
    assert post.query("SELECT count(*) FROM submissions") == [(1,)]


def test_what_a_unit_sent_itself_is_not_replaced_by_what_is_entered(post: PostOffice) -> None:
    post.form(A)
    post.once()
    told = _run(post, "enter", _file(post, join="no"), *WECHAT)
    assert f"{A.name}：待人工确认" in told
    assert "另一地址来件" in told
    assert "接受|不接受" in told
    assert post.query("SELECT state FROM submissions ORDER BY id") == [("standing",), ("proposed",)]


def test_a_file_without_a_form_is_refused_and_leaves_nothing(post: PostOffice) -> None:
    path = post.folder / "简介.docx"
    path.write_bytes(forms.brochure(A.name))
    ended = post.command("enter", str(path), *WECHAT)
    assert (ended.code, ended.out) == (2, "")
    assert "“简介.docx”中没有读到填好的表格，未作登记。" in ended.err
    assert post.query("SELECT count(*) FROM messages") == [(0,)]
    assert not [path for path in (post.folder / "data" / "mails").rglob("*") if path.is_file()]


def test_a_telephone_call_is_entered_item_by_item(post: PostOffice) -> None:
    said = ("联系人姓名=张示例", "手机=138 0000 0001", "加入联盟=是", "member=否")
    told = _run(post, "enter", "--unit", A.name, *said, "--at", "2016-11-18T10:00")
    assert f"{A.name}：已登记" in told
    assert "（电话，2016年11月18日（星期五）10:00收到）" in told
    value = """json_extract("values", '$.{}.text')"""
    values = post.query(f"SELECT {value.format('contact')}, {value.format('mobile')} FROM submissions")
    assert values == [("张示例", "13800000001")]
    answers = "SELECT key, answer FROM choices ORDER BY key"
    assert post.query(answers) == [("join", "yes"), ("member", "no")]
    assert "电话记录.txt" in _run(post, "find", A.name)
    assert "请注意" not in told


def test_what_is_missing_or_looks_wrong_is_said_at_once(post: PostOffice) -> None:
    told = _run(post, "enter", "--unit", A.name, "联系人=张示例", "手机=12", "联盟=是", "--at", "2016-11-18")
    assert "请注意：“手机号码”所填“12”" in told
    told = _run(post, "amend", A.name, "手机=34", "--reason", "来电告知")
    assert "请注意：“手机号码”所填“34”" in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--unit", A.name, "加入联盟=也许"), "“加入联盟”不能记为“也许”，请写：是、否、空白。"),
        (("--unit", A.name, "传呼机=1"), "“传呼机=1”应写作 项目=内容，项目可用：单位名称、"),
        (("--unit", A.name, "加入联盟=空白"), "请至少写明一项答复"),
        (("没有的文件.docx", "--channel", "微信"), "找不到文件“没有的文件.docx”。"),
        (("联系人姓名=张示例", "--channel", "微信"), "电话登记请加 --unit 单位名称"),
        (("--unit", A.name, "加入联盟=是", "--at", "2090-01-01T10:00"), "不是可用的时间，或晚于现在"),
        (("--unit", A.name, "加入联盟=是", "--receipt-to", "张三"), "“张三”不是一个邮箱地址。"),
    ],
)
def test_what_cannot_be_entered_is_refused_in_one_sentence(
    post: PostOffice, words: tuple[str, ...], sentence: str
) -> None:
    ended = post.command("enter", *words)
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert post.query("SELECT count(*) FROM messages") == [(0,)]


def test_a_channel_must_be_named(post: PostOffice) -> None:
    ended = post.command("enter", _file(post))
    assert ended.code == 2
    assert "请用 --channel 写明渠道：微信、传真、纸质、电话" in ended.err


def test_an_entry_stands_in_the_digest(post: PostOffice) -> None:
    _run(post, "enter", _file(post), *WECHAT)
    told = _run(post, "digest", "preview")
    assert "微信" in told
    assert "代录 微信" in told


# ---- corrected ---------------------------------------------------------------------------------


def test_a_value_and_an_answer_are_corrected(post: PostOffice) -> None:
    post.form(A)
    post.once()
    said = ("联系人姓名=李示例", "mobile=139 0000 0002", "加入联盟=否", "--reason", "来电告知", "--by", "刘")
    told = _run(post, "amend", A.name, *said)
    ((number,),) = post.query("SELECT number FROM receipts")
    assert told.splitlines() == [
        f"{A.name}（登记号{number}）已更正：",
        f"  联系人姓名  {A.values['contact']} → 李示例",
        f"  手机号码    {A.values['mobile']} → 13900000002",
        "  加入联盟    是 → 否",
        "未向该单位发信。",
    ]
    found = _run(post, "find", A.name)
    assert "李示例（人工更正）" in found
    assert "加入联盟      否（人工确认）" in found
    assert f"刘（命令行）  更正 联系人姓名：{A.values['contact']}→李示例，" in found
    assert "（来电告知）" in _run(post, "digest", "preview")
    assert post.query("SELECT status FROM standings ORDER BY step DESC LIMIT 1") == [("declined",)]
    ((before, after),) = post.query("SELECT before, after FROM audits")
    ((was,), (now,)) = (json.loads(each)["rows"]["submissions"].values() for each in (before, after))
    assert (was["values"]["contact"]["text"], now["values"]["contact"]["text"]) == (A.values["contact"], "李示例")
    assert _run(post, "amend", A.name, "加入联盟=否", "--reason", "同上").endswith("与现有登记相同，未作改动。\n")


def test_a_corrected_question_is_asked_no_more(post: PostOffice) -> None:
    post.form(B, office_phone="", mobile="")
    filled = forms.pasted(Answers(A.values, "yes", "no")).replace("是 ☑    否 □", "是 ☑    否 ☑", 1)
    post.write(A, "意向书", "acknowledgement", text=filled)
    post.once()
    assert len(post.query("SELECT 1 FROM followups WHERE state = 'open'")) == 2
    _run(post, "amend", B.name, "办公电话=010-51530191", "--reason", "来电告知")
    _run(post, "amend", A.email, "加入联盟=是", "--reason", "来电告知", "--receipt-to", A.email)
    assert post.query("SELECT 1 FROM followups WHERE state = 'open'") == []
    assert _run(post, "held", "list") == "没有待办。\n"
    assert post.query("SELECT kind, recipient FROM letters ORDER BY id DESC LIMIT 1") == [("correction", A.email)]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("公司", "加入联盟=是"), f"“公司”不能确定是哪一家，请写全称：{A.name}"),
        ((A.name.replace("有限公司", "公司"), "加入联盟=是"), f"不能确定是哪一家，请写全称：{A.name}"),
        (("毫不相干", "加入联盟=是"), "没有名为“毫不相干”的单位"),
        ((A.name, "加入联盟=也许"), "请写：是、否、空白。"),
        ((A.name, "单位名称="), "单位名称不能为空。"),
        ((A.name, f"单位名称={B.name}"), f"已有名为“{B.name}”的单位，不能改为同名。"),
    ],
)
def test_what_is_not_certain_is_not_corrected(post: PostOffice, words: tuple[str, ...], sentence: str) -> None:
    post.form(A)
    post.form(B)
    post.once()
    ended = post.command("amend", *words, "--reason", "来电告知")
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert post.query("SELECT count(*) FROM audits") == [(0,)]


def test_a_name_read_wrongly_is_corrected(post: PostOffice) -> None:
    post.form(A)
    assert post.once().code == 0
    _run(post, "amend", A.name, "单位名称=示例青蓝科技有限公司", "--reason", "看错")
    assert _run(post, "find", A.name).startswith("示例青蓝科技有限公司\n")
    assert post.query("SELECT unit_name FROM submissions") == [("示例青蓝科技有限公司",)]


# ---- corrections taken back ---------------------------------------------------------------------


def _rows(post: PostOffice) -> list[list[tuple[object, ...]]]:
    """All that a correction may touch, as it stands."""
    tables = ("units", "unit_names", "submissions", "choices", "followups", "standings", "liaisons", "held")
    return [post.query(f"SELECT * FROM {table} ORDER BY 1") for table in tables]


def test_a_correction_is_taken_back_with_all_that_followed(post: PostOffice) -> None:
    post.form(A, office_phone="", mobile="")
    post.once()
    before = _rows(post)
    said = ("联系人姓名=李示例", "办公电话=010-00000000", "加入联盟=否", "--reason", "来电告知")
    _run(post, "amend", A.name, *said, "--receipt-to", A.email)
    assert _rows(post) != before
    told = _run(post, "amend", A.name, "--undo", "--by", "刘", "--reason", "听错了")
    assert told.startswith(f"{A.name}（登记号")
    assert "登记内容恢复原状。\n" in told
    assert _rows(post) == before
    assert post.query("SELECT state FROM letters WHERE kind = 'correction'") == [("withdrawn",)]
    noted = post.query("SELECT what, by, undone_by IS NOT NULL FROM audits ORDER BY id")
    assert [row[:2] for row in noted if row[0] == "undo"] == [("undo", "刘")]
    assert [row[2] for row in noted if row[0] == "amend"] == [1]
    assert "（听错了）" in _run(post, "find", A.name)
    again = post.command("amend", A.name, "--undo")
    assert (again.code, again.out) == (2, "")
    assert "该单位没有可以撤销的更正。" in again.err


def test_an_unclear_choice_that_a_correction_settled_waits_again(post: PostOffice) -> None:
    text = forms.pasted(Answers(B.values, "yes", "no"))
    post.write(B, "意向书", "", text=text.replace("□", "☑"))
    post.once()
    before = _rows(post)
    assert ("unclear", "open") in post.query("SELECT reason, state FROM held")
    _run(post, "amend", B.name, "加入联盟=是", "--reason", "来电告知")
    assert post.query("SELECT state FROM held WHERE reason = 'unclear' ORDER BY key")[0] == ("decided",)
    _run(post, "amend", B.name, "--undo")
    assert _rows(post) == before


def test_a_correction_that_something_newer_followed_stays(post: PostOffice) -> None:
    post.form(A)
    post.once()
    _run(post, "amend", A.name, "联系人姓名=李示例", "--reason", "来电告知")
    post.form(A, title="主任")
    post.once(5)
    stands = _rows(post)
    ended = post.command("amend", A.name, "--undo")
    assert ended.code == 2
    assert "又有新的来件登记，不能自动撤销" in ended.err
    assert _rows(post) == stands


@pytest.mark.parametrize("words", [("联系人姓名=李示例",), ("--reason", "来电告知"), ("联系人姓名=李示例", "--undo")])
def test_an_incomplete_correction_is_refused(post: PostOffice, words: tuple[str, ...]) -> None:
    ended = post.command("amend", A.name, *words)
    assert (ended.code, ended.out) == (2, "")
    assert "--undo" in ended.err
