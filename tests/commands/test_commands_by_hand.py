"""What the secretariat does from the shell, as typed: find a unit, stop and start letters."""

from __future__ import annotations

import json

from conversations.office_in_memory import SECRETARY
from promises.post_office import A, B, PostOffice


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
    assert f"邮件正文  已登记\n  去信：\n    2016年11月18日（星期五）10:00  登记回执  {A.email}  已发出" in told
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
