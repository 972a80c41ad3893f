"""Errors that cross a border: temporary (the same step may succeed later) or permanent.

The docstring of a class is the sentence a person reads, in Chinese, with the
remedy; `detail` is for the log and may hold what a server said, never a secret.
"""

from __future__ import annotations


class IntakeError(Exception):
    """程序遇到未预料的情况，请将日志发给维护人员。"""

    def __init__(self, detail: str = "", *, sentence: str = "") -> None:
        self.detail = detail
        self.sentence = sentence or type(self).__doc__ or ""
        super().__init__(detail or self.sentence)


class Temporary(IntakeError):
    """暂时无法完成，稍后会自动重试。"""


class Unsure(Temporary):
    """告警命令没有在规定时间内结束，是否已经告知不明；请改用很快结束的命令。"""


class Permanent(IntakeError):
    """无法完成，重试也不会成功，请人工处理。"""


class ServerUnreachable(Temporary):
    """连接不上邮件服务器，请检查网络以及主机名和端口；程序会自动重试。"""


class ServerRefused(Temporary):
    """邮件服务器暂时拒绝了请求，程序会自动重试。"""


class SignInRefused(Permanent):
    """邮箱拒绝登录：请核对账号和授权码（授权码不是登录密码），并确认IMAP/SMTP服务已开启。"""


class CertificateRefused(Permanent):
    """服务器的安全证书无法验证，请核对主机名或联系邮箱服务商。"""


class DiskFull(Temporary):
    """磁盘空间不足，已停止收信且未答复任何来信；请清理磁盘后再运行。"""


class RegisterNewer(Permanent):
    """登记库由更新版本的程序建立，请升级本程序后再运行。"""


class RegisterBusy(Temporary):
    """登记库正被另一个程序写入，请稍后再试。"""


class AlreadyRunning(Temporary):
    """另一个 intake run 正在使用同一登记库，请先停止它。"""


class WrongConfiguration(Permanent):
    """配置有误，请按提示修改配置文件。"""


class WrongUsage(Permanent):
    """命令写得不对，未作任何改动，请按提示更正后再试。"""


class BrokenTemplate(Permanent):
    """信函模板有误，请按提示的文件和行号修改；其他信函不受影响。"""


class Unreadable(Permanent):
    """附件无法读取，请另存为Word文档（.docx）后重新发送。"""

    code = "internal"


class Encrypted(Unreadable):
    """附件设有密码，请取消密码后重新发送。"""

    code = "encrypted"


class Damaged(Unreadable):
    """附件已损坏或不完整，请重新保存后再次发送。"""

    code = "damaged"


class Unsupported(Unreadable):
    """附件的格式无法识别，请另存为Word文档（.docx）后重新发送。"""

    code = "unsupported"


class TooLarge(Unreadable):
    """附件过大，请压缩图片或只发送填好的表格。"""

    code = "too-large"


class TooDeep(Unreadable):
    """附件的压缩层数过多，请不经压缩，直接发送填好的表格。"""

    code = "too-deep"


class TookTooLong(Unreadable):
    """附件过于复杂，未能在规定时间内读完，请只发送填好的表格。"""

    code = "timeout"


class TookTooMuchMemory(Unreadable):
    """附件过于复杂，读取时占用内存过多，请只发送填好的表格。"""

    code = "memory"


class NoOcr(Unreadable):
    """附件是图片或扫描件，本机未安装文字识别组件，需人工阅读。"""

    code = "no-ocr"


UNREADABLE: dict[str, type[Unreadable]] = {
    kind.code: kind
    for kind in (
        Unreadable,
        Encrypted,
        Damaged,
        Unsupported,
        TooLarge,
        TooDeep,
        TookTooLong,
        TookTooMuchMemory,
        NoOcr,
    )
}
