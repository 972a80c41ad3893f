"""What was newly written, told apart from what is quoted, in text and in HTML."""

# ruff: noqa: E501 - the samples are what mailers write

from __future__ import annotations

import mail_builders as build
import pytest
from hypothesis import given
from hypothesis import strategies as some

from intake.message import parse
from intake.message.quoting import split_text
from intake.message.quoting_html import split_html

NEW = "我单位同意加入，谢谢。"
FORM = build.FORM_TABLE.format(unit="")

TEXTS = [
    # QQ webmail
    (f"{NEW}\n\n\n------------------ 原始邮件 ------------------\n发件人: \"示例协会\"<office@example.cn>;\n发送时间: 2016年11月18日\n单位名称", NEW),
    (f"{NEW}\n---Original---\nFrom: \"office\"<office@example.cn>\nDate: Fri\nTo: \"zhang\"\n\n单位名称", NEW),
    # NetEase webmail, English and Chinese
    (f"{NEW}\n\nAt 2016-11-18 09:00:00, \"office\" <office@example.cn> wrote:\n>单位名称\n>是 □ 否 □", NEW),
    (f"{NEW}\n\n在 2016-11-18 09:00:00，\"示例协会\" <office@example.cn> 写道：\n单位名称\n是 □ 否 □", NEW),
    (f"{NEW}\n---- 回复的原邮件 ----\n| 发件人 | office@example.cn |\n| 日期 | 2016年11月18日 |\n单位名称", NEW),
    # Foxmail, Outlook
    (f"{NEW}\n\n发件人： 示例协会\n发送时间： 2016-11-18 09:00\n收件人： 张三\n主题： 征集通知\n单位名称", NEW),
    (f"{NEW}\n________________________________\n发件人: office@example.cn\n发送时间: 2016年11月18日 9:00\n主题: 征集\n\n单位名称", NEW),
    (f"{NEW}\n\n-----邮件原件-----\n发件人: office@example.cn [mailto:office@example.cn]\n发送时间: 2016年11月18日\n收件人: 张三\n单位名称", NEW),
    (f"{NEW}\n\n-----Original Message-----\nFrom: office\nSent: Friday\nTo: zhang\nSubject: x\n\n单位名称", NEW),
    # Gmail breaks the line; iPhone
    (f"{NEW}\n\nOn Fri, Nov 18, 2016 at 9:00 AM office <\noffice@example.cn> wrote:\n> 单位名称", NEW),
    (f"{NEW}\n发自我的 iPhone\n\n> 在 2016年11月18日，09:00，示例协会 <office@example.cn> 写道：\n> \n> 单位名称", f"{NEW}\n发自我的 iPhone"),
    (f"{NEW}\n\n在 2016年11月18日，09:00，示例协会 <office@example.cn> 写道：\n\n> 单位名称", NEW),
    ("张三 <zhang@example.cn> 于2016年11月18日周五 09:00写道：\n> 单位名称\n" + NEW, NEW),  # written below the quote
    (f"> 是否愿意？\n{NEW}\n> 单位名称\n", NEW),  # between the lines
    # nothing quoted
    (f"{NEW}\n发件人为本单位办公室。\n主题：入盟", f"{NEW}\n发件人为本单位办公室。\n主题：入盟"),
    ("我在邮件里写道：请查收。\n" + NEW, "我在邮件里写道：请查收。\n" + NEW),
    ("原始邮件\n已经丢失，请重发。", "原始邮件\n已经丢失，请重发。"),
    (NEW, NEW),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "new"), TEXTS)
def test_text(text: str, new: str) -> None:
    written, quoted = split_text(text)
    assert written == new
    assert ("单位名称" in quoted) is ("单位名称" in text)


PAGES = [
    (f"<div>{NEW}</div><div><br></div>" + build.QQ_QUOTE.format(FORM), NEW),
    (f"<div>{NEW}</div>" + build.NETEASE_QUOTE.format(FORM), NEW),
    (NEW + build.NETEASE_QUOTE.format(FORM) + "<br>补充：谢谢", f"{NEW}\n补充：谢谢"),
    (f"<div>{NEW}</div>" + build.FOXMAIL_QUOTE.format(FORM), NEW),
    (f"<p>{NEW}</p>" + build.OUTLOOK_QUOTE.format(FORM), NEW),
    (f"<div>{NEW}</div>" + build.GMAIL_QUOTE.format(FORM), NEW),
    (f"<div>{NEW}</div>" + build.IPHONE_QUOTE.format(FORM), NEW),
    (f"<div>{NEW}</div><hr id=replySplit><div>原文</div>{FORM}", NEW),
    (f'<div>{NEW}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">发件人: a</div>{FORM}', NEW),
    (f'<div>{NEW}</div><blockquote class="ReferenceQuote">{FORM}</blockquote>', NEW),
    (f'<div>{NEW}</div><blockquote id="ntes-pcmail-quote">{FORM}</blockquote>', NEW),
    (f"<table><tr><td>{NEW}</td></tr><tr><td>{build.QQ_QUOTE.format(FORM)}</td></tr></table>", NEW),
]


@pytest.mark.parametrize(("html", "new"), PAGES)
def test_html(html: str, new: str) -> None:
    split = split_html(html)
    assert split.new_text == new
    assert "单位名称" not in split.new_html
    assert "单位名称" in split.quoted_text
    assert split.quoted_html.count("<td>") == split.quoted_html.count("</td>") >= 4
    assert NEW not in split.quoted_html


OWN_PAGES = [
    f"<includetail><div>{NEW}</div>{FORM}</includetail>",
    f'<div>{NEW}</div><table class="ntes_not_fresh_table"><tr><td>单位名称</td><td>甲</td></tr></table>',
    f'<blockquote style="margin: 0 0 0 40px; border: none; padding: 0px;">{NEW}</blockquote>{FORM}',
    f"<style>#divNeteaseBigAttach {{color:red}}</style>{NEW}{FORM}",
]


@pytest.mark.parametrize("html", OWN_PAGES)
def test_what_only_looks_quoted_is_new(html: str) -> None:
    split = split_html(html)
    assert (split.quoted_text, split.quoted_html, split.new_html) == ("", "", html)
    assert NEW in split.new_text
    assert "单位名称" in split.new_text


def test_the_text_of_a_page() -> None:
    page = "<head><title>x</title><style>p{}</style></head><p>您&nbsp;好</p><div>第一<b>行</b><br>第二行</div><!-- c --><script>1</script>"
    assert split_html(page).new_text == "您 好\n第一行\n第二行"


def test_hidden_text_is_no_text() -> None:
    for style in ("display:none", "max-height:0px;overflow:hidden", "opacity:0", "font-size:0"):
        assert split_html(f'<div style="{style}">预览</div><p style="opacity:0.9">正文</p>').new_text == "正文"


@pytest.mark.parametrize("depth", [200, 300, 5000])
def test_deep_pages_keep_their_text(depth: int) -> None:
    assert "文字" in split_html("<div>" * depth + "文字").new_text


@pytest.mark.parametrize(
    "body",
    [
        "------------------ 转发邮件信息 ------------------\n发件人: 李四 <li@b.example.cn>\n单位名称：示例公司",
        "---------- Forwarded message ----------\nFrom: li@b.example.cn\n单位名称：示例公司",
        "开始转发的邮件：\n\n发件人: li@b.example.cn\n单位名称：示例公司",
    ],
)
def test_a_bare_forward_is_quoted_and_kept(body: str) -> None:
    message = parse(build.plain_mail(body, subject="转发：入盟"))
    assert message.new_text == ""
    assert "单位名称：示例公司" in message.quoted_text


def test_the_plain_version_gives_the_text() -> None:
    html = f"<div>{NEW}</div>" + build.NETEASE_QUOTE.format(FORM)
    plain = f'{NEW}\n在 2016-11-18 09:00:00，"示例协会" <office@example.cn> 写道：\n单位名称'
    body = build.multipart([build.text_part(plain), build.text_part(html, "html", "gb18030")], "alternative")
    message = parse(build.mail(body))
    assert message.new_text == NEW
    assert NEW in message.new_html
    assert "<table" in message.quoted_html
    assert "单位名称" in message.quoted_text


def test_a_stub_of_a_plain_version_gives_way_to_html() -> None:
    body = build.multipart(
        [build.text_part("请用支持HTML的客户端查看"), build.text_part(f"<p>{NEW * 9}</p>", "html")], "alternative"
    )
    assert parse(build.mail(body)).new_text == NEW * 9


def test_format_flowed() -> None:
    text = "这一行很长 \n接着写。\n> 引用 \n> 下去\n -不是引用"
    part = b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n" + text.encode()
    message = parse(build.mail(part))
    assert message.new_text == "这一行很长接着写。\n-不是引用"
    assert message.quoted_text == "> 引用下去"


HTML_PIECES = some.lists(
    some.sampled_from(
        ["<div>", "</div>", "<blockquote>", '<blockquote type="cite">', "</blockquote>", "文字", "<br>", "> 引", "<table><tr><td>",
         "</td></tr></table>", "在 2016-11-18，office@example.cn 写道：", "----原始邮件----", "发件人: a", "主题: b", "日期: c", "<pre>a\n> b\nc</pre>",
         "<!-- x -->", "<?pi x?>", '<img src="cid:1">', "&nbsp;", '<div id="isReplyContent">', "<style>", "</style>", "\x00", "<p style='display:none'>"]
    ),
    max_size=30,
)  # fmt: skip


@given(HTML_PIECES)
def test_every_visible_line_is_on_one_side(pieces: list[str]) -> None:
    html = "".join(pieces)
    split = split_html(html)
    shown = sorted((split.new_text + "\n" + split.quoted_text).split())
    again = split_html(split.new_html), split_html(split.quoted_html)
    both = sorted(" ".join(side for page in again for side in (page.new_text, page.quoted_text)).split())
    assert both == shown


@given(some.text(max_size=2000))
def test_any_text_splits(text: str) -> None:
    new, quoted = split_text(text)
    assert sorted((new + quoted).split()) == sorted(text.replace("\r", "\n").split())
