"""What a mail says to the daemon: a table of mails, and what is read from each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.instructing import authenticity, reading
from intake.instructing.judging import Order, Refusal, Told, judge
from intake.instructing.model import Code, Instruction, Request
from intake.instructing.true_time import Said
from intake.instructing.words import Item, meant, words_for
from intake.mail import Message

REF, TOKEN = "A7K2QX", "4J7MPW3KQ9TZ"
CODE = f"{REF}-{TOKEN}"
OTHER = "B8M3RY-5K8NQX4MR7UW"
WORDS = ("是", "否", "空白", "补正")


def said(subject: str = "", text: str = "", quoted: str = "") -> Instruction:
    return reading.read(Message(subject=subject, new_text=text, quoted_text=quoted))


def judged(instruction: Instruction, state: str = "valid", words: tuple[str, ...] = WORDS) -> Order | Refusal | None:
    codes = (*instruction.codes, *instruction.quoted)
    told = {(code.reference, code.token): Told(state, words) for code in codes}  # type: ignore[arg-type]
    return judge(instruction, told, [name for name in instruction.bare if name == REF])


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (f"{CODE} 是", ""),
        (f"{CODE} 是", "——\n示例人员\n010-00000000"),
        (f"回复：{CODE} 是", ""),
        (f"Re: 答复: {CODE}  是。", "谢谢！"),
        ("回复：【日报11月28日】待办4 [#K3M9QZ]", f"{CODE} 是"),
        ("", f"您好，\n\n　　{CODE}　是\n\n示例人员"),
        ("", f"{CODE}\n是"),
        ("", f"“{CODE} 是”"),
        ("", "Ａ７Ｋ２ＱＸ－４Ｊ７ＭＰＷ３ＫＱ９ＴＺ　是"),
        ("", f"{CODE.lower()} 是，谢谢"),
        ("", f"{REF} {TOKEN} 是"),
        ("", f"{REF}—{TOKEN}：是"),
        ("", f"是 {CODE}"),
        ("", f"　　是：{CODE} 是"),
        ("", f"| 是 | {CODE} 是 |"),
        (f"{CODE} 是", f"{CODE} 是"),
        (f"{CODE}", f"{CODE} 是"),
    ],
)
def test_one_reference_with_its_token_and_one_word_is_obeyed(subject: str, text: str) -> None:
    assert judged(said(subject, text)) == Order(REF, TOKEN, "是")


@pytest.mark.parametrize(
    ("subject", "text", "why"),
    [
        (f"{CODE}", "", "no-word"),
        ("", f"{CODE} 是 否", "two-words"),
        ("", f"{CODE} 是\n否", "two-words"),
        (f"{CODE} 是", f"{CODE} 否", "two-words"),
        ("", f"{CODE} 是吗", "no-word"),
        ("", f"{CODE} 先别写，等我问过", "no-word"),
        ("", f"{CODE} 是 先别写", "not-its-word"),
        ("", f"{CODE} 按时", "not-its-word"),
        ("", f"{CODE} 是\n{OTHER} 否", "several"),
        (f"{CODE} 是", f"{OTHER} 是", "several"),
        (f"{CODE} 是", "进度", "mixed"),
        ("", f"{REF} 是", "no-token"),
        (f"{REF} 是", "", "no-token"),
    ],
)
def test_anything_else_changes_nothing_and_says_why(subject: str, text: str, why: str) -> None:
    found = judged(said(subject, text))
    assert isinstance(found, Refusal)
    assert found.why == why


@pytest.mark.parametrize("state", ["unknown", "used", "closed", "another", "expired"])
def test_a_token_that_does_not_open_the_item_is_named(state: str) -> None:
    assert judged(said("", f"{CODE} 是"), state) == Refusal(state, REF)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["是", "同意", "", "请按此办理。"])
def test_a_token_in_the_quote_alone_is_none(text: str) -> None:
    assert judged(said("回复：待办", text, f"{CODE} 是")) == Refusal("quoted")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("回复：待办", "收到"), ("回复：待办", "谢谢！"), ("回复：待办", "我来联系这家。"),
        ("回复：待办", "这家的联系人上周换了，我下午打电话问一下，问到了再回。"),
    ],
)  # fmt: skip
def test_talk_above_a_quoted_list_is_talk(subject: str, text: str) -> None:
    assert judged(said(subject, text, f"{CODE} 是\n{OTHER} 否")) is None


@pytest.mark.parametrize(
    "text", ["", "下午开会", "PLEASE SEE", "010-51530191", "查一下昨天的表", "进度怎么样了？", "名单我看过了"]
)
def test_an_ordinary_mail_is_no_instruction(text: str) -> None:
    found = said("关于周五的会", text)
    assert judged(found) is None
    assert found.requests == ()


@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("进度", "", Request("tally")), ("", "名单\n\n示例人员", Request("members")),
        ("未回复", "", Request("unanswered")), ("未回复名单", "", Request("unanswered")),
        ("暂停发送", "", Request("pause")), ("", " 恢复发送。 ", Request("resume")),
        ("查 示例科技", "", Request("find", "示例科技")), ("查：示例科技", "", Request("find", "示例科技")),
        ("查示例科技有限公司", "", Request("find", "示例科技有限公司")),
        ("", "查询 示例科技有限公司（北京）", Request("find", "示例科技有限公司(北京)")),
        ("代录 微信", "", Request("enter", channel="微信")), ("代录（传真）", "", Request("enter", channel="传真")),
        ("代录", "纸质件", Request("enter", channel="纸质")), ("代录", "", Request("enter")),
        ("代录 电话 回执发 Wang@Example.com", "", Request("enter", channel="电话", address="wang@example.com")),
        ("代录 微信 11月28日 15:20", "", Request("enter", channel="微信", when=Said(None, 11, 28, hour=15, minute=20))),
        ("代录", "代录 微信 昨天", Request("enter", channel="微信", when=Said(back=1))),
        ("帮助", "", Request("help")), ("查", "", Request("help")),
    ],
)  # fmt: skip
def test_requests(subject: str, text: str, expected: Request) -> None:
    assert said(subject, text).requests == (expected,)


def test_a_reply_repeats_someone_elses_request() -> None:
    assert said("回复：进度", "看到了").requests == ()


def test_several_requests_are_several() -> None:
    assert len(said("进度", "名单").requests) == 2


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item("unclear", "join", submission="standing"), ("是", "否", "空白", "补正")),
        (Item("unclear", "vote", ("同意", "弃权"), "standing"), ("同意", "弃权", "补正")),
        (Item("member-no", "member", submission="standing"), ("是", "否", "空白")),
        (Item("late-change", submission="proposed"), ("接受", "不接受")),
        (Item("near-name", submission="proposed"), ("同一单位", "不同单位", "不接受")),
        (Item("disputed", submission="standing"), ("按时", "逾期")),
        (Item("overdue"), ("收到", "不再要求", "补正")), (Item("doubt"), ("已发", "重发", "不发")),
        (Item("material", "licence"), ("收到", "不是")), (Item("spam"), ("恢复",)),
        (Item("attempts"), ("已处理", "补正")), (Item("question"), ("已处理",)),
    ],
)  # fmt: skip
def test_the_words_of_an_item(item: Item, words: tuple[str, ...]) -> None:
    assert words_for(item) == words


@pytest.mark.parametrize(
    ("text", "allowed", "word"),
    [
        ("同一单位:示例科技有限公司", ("同一单位",), "同一单位：示例科技有限公司"), ("YES", ("是",), "是"),
        ("已办结，已电话联系", ("已处理",), "已处理：已电话联系"), ("是，但", ("是",), ""), ("acid", ("是",), ""),
    ],
)  # fmt: skip
def test_what_a_word_means(text: str, allowed: tuple[str, ...], word: str) -> None:
    assert meant(text.replace("，", ","), allowed) == word


@pytest.mark.parametrize(
    ("headers", "forged"),
    [
        ((), False),
        ((("authentication-results", "mx1; spf=fail smtp.mailfrom=a@b; dkim=none"),), True),
        ((("authentication-results", "mx1; spf=softfail; dkim=none"),), False),
        ((("authentication-results", "mx1; spf=fail; dkim=pass header.d=b"),), False),
        ((("authentication-results", "mx1; spf=pass; dmarc=fail (p=none) header.from=b"),), True),
        ((("authentication-results", "mx1; spf=fail; dmarc=pass"),), False),
        ((("received", "a"), ("authentication-results", "mx1; spf=fail")), True),
        ((("received", "a"), ("received", "b"), ("authentication-results", "theirs; dmarc=fail")), False),
    ],
)
def test_what_the_server_found_out(headers: tuple[tuple[str, str], ...], forged: bool) -> None:
    assert authenticity.is_forged(Message(headers=headers)) is forged


@given(st.text(), st.text(), st.text())
def test_any_text_can_be_read(subject: str, text: str, quoted: str) -> None:
    found = said(subject, text, quoted)
    assert judged(found) is None or not found.codes


_AROUND = st.lists(st.sampled_from(["是", "否", " ", "，", "\n", "\n\n", "　"]), max_size=8)


@given(_AROUND, _AROUND)
def test_two_words_around_a_code_never_decide(before: list[str], after: list[str]) -> None:
    apart = [" ".join(before), CODE, " ".join(after)]
    found = judged(said("", " ".join(apart)))
    assert isinstance(found, Order | Refusal)
    if isinstance(found, Order):
        assert {mark for mark in "".join(before + after) if mark in "是否"} == {found.word}


def test_a_code_is_read_with_its_line() -> None:
    assert said("", f"{CODE} 同一单位：示例科技").codes == (Code(REF, TOKEN, "同一单位:示例科技"),)
