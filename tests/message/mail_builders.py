"""Raw mails in the manner of the clients that units use, byte for byte; all people and units are invented."""

from __future__ import annotations

import base64
import io
import zipfile

OFFICE = "secretariat@office.example.cn"
CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def word(text: str, charset: str = "GB2312", codec: str = "gb18030", kind: str = "B") -> bytes:
    """One RFC 2047 encoded-word; `charset` is the label, `codec` what the bytes really are."""
    data = text.encode(codec)
    body = base64.b64encode(data).decode() if kind == "B" else "".join(f"={byte:02X}" for byte in data)
    return f"=?{charset}?{kind}?{body}?=".encode()


def docx(text: str = "示例") -> bytes:
    """The smallest package that is a Word document by its members."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    return zip_of({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": body.encode()})


def zip_of(files: dict[str, bytes]) -> bytes:
    """A zip with UTF-8 names; stored, so that its bytes are the same on every machine."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2016, 11, 18, 10, 0, 0)), data)
    return target.getvalue()


def gbk_zip(files: dict[str, bytes]) -> bytes:
    """A zip as Windows Explorer packs it: GBK bytes, no UTF-8 flag."""
    stand_ins = {
        f"{'x' * len(name.encode('gbk'))}{number}"[-len(name.encode("gbk")) :]: name
        for number, name in enumerate(files)
    }
    data = zip_of(dict(zip(stand_ins, files.values(), strict=True)))
    for stand_in, name in stand_ins.items():
        data = data.replace(stand_in.encode(), name.encode("gbk"))
    return data


def encrypted(archive: bytes) -> bytes:
    """The same zip with the flag of encryption set in every header."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def b64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def text_part(
    text: str, subtype: str = "plain", charset: str = "GB2312", codec: str = "gb18030", extra: bytes = b""
) -> bytes:
    head = f"Content-Type: text/{subtype}; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n".encode()
    return head + extra + b"\r\n" + b64(text.encode(codec))


def file_part(
    name: bytes, content: bytes, media_type: bytes = b"application/octet-stream", extra: bytes = b""
) -> bytes:
    """Foxmail's manner: the name in both name= and filename=, quoted."""
    quoted = b'"' + name + b'"'
    return (
        b"Content-Type: " + media_type + b";\r\n\tname=" + quoted + b"\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: attachment;\r\n\tfilename=" + quoted + b"\r\n" + extra + b"\r\n" + b64(content)
    )


def multipart(parts: list[bytes], subtype: str = "mixed", boundary: str = "----=_001_NextPart") -> bytes:
    """Content-Type header, blank line and body of a multipart."""
    mark = b"--" + boundary.encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{subtype};\r\n\tboundary="{boundary}"\r\n\r\n'.encode() + body + mark + b"--\r\n"


def mail(
    body: bytes, *, subject: bytes = b"", sender: bytes = b"zhang@unit-a.example.cn", headers: bytes = b""
) -> bytes:
    """A mail with the usual fields in front of `body`, which begins with its own header fields."""
    return (
        b"Received: from mx.example.cn (unknown [192.0.2.1])\r\n\tby mx1.example.com (Coremail) with SMTP id _____;\r\n"
        b"\tFri, 18 Nov 2016 10:00:00 +0800 (CST)\r\n"
        b"From: " + sender + b"\r\nTo: <" + OFFICE.encode() + b">\r\nSubject: " + subject + b"\r\n"
        b"Message-ID: <201611181000001234567@unit-a.example.cn>\r\nMIME-Version: 1.0\r\n" + headers + body
    )


def plain_mail(
    text: str, *, subject: str = "", headers: bytes = b"", sender: bytes = b"zhang@unit-a.example.cn"
) -> bytes:
    """A one-part mail in UTF-8."""
    encoded = word(subject, "UTF-8", "utf-8") if subject else b""
    return mail(text_part(text, charset="UTF-8", codec="utf-8"), subject=encoded, headers=headers, sender=sender)


def html_mail(html: str, *, subject: str = "", headers: bytes = b"") -> bytes:
    encoded = word(subject, "gb18030") if subject else b""
    return mail(text_part(html, "html", "gb18030"), subject=encoded, headers=headers)


FORM_TABLE = (
    "<table border=1><tr><td>单位名称</td><td>{unit}</td></tr>"
    "<tr><td>是否愿意加入首都知识产权运营联盟</td><td>是 □ 否 □</td></tr></table>"
)
QQ_QUOTE = (
    '<div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">'
    "------------------&nbsp;原始邮件&nbsp;------------------</div>"
    '<div style="font-size: 12px;background:#efefef;padding:8px;">'
    '<div><b>发件人:</b>&nbsp;"示例协会"&lt;secretariat@office.example.cn&gt;;</div>'
    '<div><b>发送时间:</b>&nbsp;2016年11月18日(星期五) 上午9:00</div><div><b>收件人:</b>&nbsp;"张三";</div>'
    "<div><b>主题:</b>&nbsp;征集通知</div></div>{}"
)
NETEASE_QUOTE = (
    '<br><br>在 2016-11-18 09:00:00，"示例协会" &lt;secretariat@office.example.cn&gt; 写道：<br>'
    '<blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex">{}</blockquote>'
)
FOXMAIL_QUOTE = (
    '<blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em"><div>&nbsp;</div>'
    '<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    '<div style="background:#efefef;"><div><b>发件人：</b>&nbsp;'
    '<a href="mailto:secretariat@office.example.cn">示例协会</a></div>'
    "<div><b>发送时间：</b>&nbsp;2016-11-18&nbsp;09:00</div><div><b>收件人：</b>&nbsp;张三</div>"
    "<div><b>主题：</b>&nbsp;征集通知</div></div></div>{}</blockquote>"
)
OUTLOOK_QUOTE = (
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal>'
    "<b>发件人<span lang=EN-US>:</span></b><span lang=EN-US> office@example.cn <br></span>"
    "<b>发送时间<span lang=EN-US>:</span></b><span lang=EN-US> 2016</span>年<span lang=EN-US>11</span>月"
    "<span lang=EN-US>18</span>日<br><b>收件人<span lang=EN-US>:</span></b> 张三<br>"
    "<b>主题<span lang=EN-US>:</span></b> 征集通知</p></div>{}"
)
GMAIL_QUOTE = (
    '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Fri, Nov 18, 2016 at 9:00 AM office '
    '&lt;<a href="mailto:office@example.cn">office@example.cn</a>&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">{}</blockquote></div>'
)
IPHONE_QUOTE = (
    '<br><div><br>在 2016年11月18日，09:00，示例协会 &lt;<a href="mailto:office@example.cn">office@example.cn</a>&gt; '
    '写道：<br><br></div><blockquote type="cite"><div>{}</div></blockquote>'
)
