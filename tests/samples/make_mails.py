"""Writes tests/samples/mails/*.eml: mails whose bytes matter (raw GBK, wrong labels, odd structure).

Run it from anywhere after changing a builder, and review the diff:
    python tests/samples/make_mails.py
All people, units, numbers and addresses are invented.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "message"))

import mail_builders as build  # noqa: E402

FORM = build.docx("单位名称")
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(200)
NAME = "首都知识产权运营联盟入盟意向书.docx"
OUR_ID = b"<letter-1.k7m2qp@office.example.cn>"
QQ_ID = b"<tencent_0123456789ABCDEF@qq.com>"


def mails() -> dict[str, bytes]:
    """Each sample by its file name; the numbers are those of the list of mails the intake must survive."""
    table = build.FORM_TABLE.format(unit="")
    both = [build.text_part("意向书见附件，请查收。"), build.text_part("<div>意向书见附件，请查收。</div>", "html")]
    body = build.multipart(both, "alternative", "----=_002_NextPart")
    foxmail = (
        b"X-Mailer: Foxmail 7, 0, 1, 91[cn]\r\nX-GUID: 00000000-0000-0000-0000-000000000000\r\nX-Has-Attach: yes\r\n"
    )
    coremail = b"X-CM-TRANSID: x\r\nDate: Fri, 18 Nov 2016 10:00:00 +0800 (GMT+08:00)\r\n"
    return {
        "01-foxmail-docx": build.mail(
            build.multipart([body, build.file_part(build.word(NAME), FORM)]),
            subject=build.word("入盟意向书"),
            sender=build.word("示例公司") + b" <zhang@unit-a.example.cn>",
            headers=foxmail,
        ),
        "05-qq-reply-quoting-form": build.html_mail(
            "<div>收到，谢谢！</div>" + build.QQ_QUOTE.format(table),
            subject="回复：入盟意向书",
            headers=b"X-QQ-mid: webmail1\r\n",
        ),
        "06-gb2312-label-rare-name": build.mail(
            build.text_part("联系人：陶喆，镕鑫公司"), sender=build.word("陶喆", "gb2312") + b" <tao@unit-b.example.cn>"
        ),
        "11-photo-and-logo": build.mail(
            build.multipart(
                [
                    build.text_part('<img src="cid:photo"><img src="cid:logo">', "html"),
                    build.file_part(b"", PICTURE * 100, b"image/jpeg", b"Content-ID: <photo>\r\n"),
                    build.file_part(b"image001.jpg", PICTURE, b"image/jpeg", b"Content-ID: <logo>\r\n"),
                ],
                "related",
            )
        ),
        "12-qq-large-attachment": build.html_mail(
            '<div id="QQMailBigAttach">从QQ邮箱发来的超大附件<a href="http://mail.qq.com/cgi-bin/ftnExs_download?k=1&t=2">'
            "材料.docx (12.00M, 2016年12月18日 到期)</a></div>"
        ),
        "13-gbk-zip": build.mail(
            build.multipart(
                [build.text_part("请查收"), build.file_part(build.word("材料.zip"), build.gbk_zip({NAME: FORM}))]
            )
        ),
        "16-qq-auto-reply": build.html_mail(
            "这是来自QQ邮箱的假期自动回复邮件。",
            subject="自动回复:回执",
            headers=b"X-QQ-HolidayReply: true\r\nSender: <10000+auto_=office=example.cn@qq.com>\r\nX-Id: "
            + QQ_ID
            + b"\r\n",
        ),
        "18-qq-bounce": build.mail(
            build.text_part("<div>您的邮件无法送达：10000@qq.com，收件人邮箱不存在</div>", "html", "gb18030"),
            subject=build.word("来自qq.com的退信", "gb2312"),
            sender=b"PostMaster@qq.com",
            headers=b"In-Reply-To: " + OUR_ID + b"\r\n",
        ),
        "21-raw-gbk-headers": build.mail(
            b"Content-Type: text/plain\r\n\r\n" + "请问入盟意向书要盖章吗？".encode("gbk"),
            subject="咨询".encode("gbk"),
            sender="张三".encode("gbk") + b" <zhang@unit-a.example.cn>",
        ),
        "22-attachment-without-name": build.mail(
            build.multipart(
                [
                    build.text_part("入盟意向书"),
                    b"Content-Type: application/octet-stream\r\nContent-Disposition: attachment\r\n"
                    b"Content-Transfer-Encoding: base64\r\n\r\n" + build.b64(FORM),
                ]
            )
        ),
        "24-eml-as-octet-stream": build.mail(
            build.multipart(
                [
                    build.text_part("转发下属单位的意向书"),
                    build.file_part(build.word("来信.eml"), build.mail(build.file_part(NAME.encode("gbk"), FORM))),
                ]
            )
        ),
        "25-only-a-file": build.mail(build.file_part(build.word(NAME), FORM)),
        "26-cst-and-no-date": build.plain_mail("我单位同意加入联盟。").replace(b"+0800 (CST)", b"CST"),
        "27-raw-gbk-file-name": build.mail(
            build.multipart([build.text_part("请查收"), build.file_part(NAME.encode("gbk"), FORM)]), headers=coremail
        ),
        "33-exmail-recall": build.mail(
            build.multipart([build.text_part("发信方已撤回邮件")]), subject="发信方已撤回邮件：入盟意向书".encode("gbk")
        ),
        "34-read-receipt": build.html_mail("这是邮件收条，您的邮件已被阅读", subject="已读:入盟意向书"),
        "35-no-message-id": build.plain_mail("收到，谢谢").replace(
            b"Message-ID: <201611181000001234567@unit-a.example.cn>\r\n", b""
        ),
    }


def main() -> None:
    target = HERE / "mails"
    target.mkdir(exist_ok=True)
    for name, raw in mails().items():
        (target / f"{name}.eml").write_bytes(raw)


if __name__ == "__main__":
    main()
