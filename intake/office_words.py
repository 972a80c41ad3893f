"""What the register's words are called in the office."""

from __future__ import annotations

KINDS = {
    "form": "填好的表格", "attempt": "未读到表格", "question": "咨询", "statement": "来信表态", "courtesy": "致谢",
    "staff": "秘书处来信", "bounce": "退信", "auto-reply": "自动回复", "receipt": "已读回执", "recall": "撤回",
    "list": "群发邮件", "own": "本程序的信", "unrelated": "无关邮件",
}  # fmt: skip
LETTERS = {
    "acknowledgement": "登记回执", "correction": "更正回执", "late": "逾期回执", "repeat": "重复来件",
    "received": "收件告知", "no-form": "请填表", "unreadable": "附件无法读取", "cloud-link": "请改发附件",
    "question": "补正通知", "reminder": "提醒", "circular": "通知", "digest": "日报", "worklist": "待办单",
    "alert": "告警", "confirmation": "确认",
}  # fmt: skip
STATES = {
    "sent": "已发", "waiting": "待发", "deferred": "稍后重发", "sending": "发送中", "doubt": "存疑",
    "refused": "被拒", "bounced": "退信", "withdrawn": "已撤回",
}  # fmt: skip
FOLLOWUPS = {"open": "待办", "overdue": "已逾期", "settled": "已办", "waived": "不再要求"}
EDGES = {"fetching": "收信", "sending": "发信", "clock": "对时"}  # storage/outages.py
THROUGH = {"mail": "邮件", "shell": "命令行"}
AUDITED = {  # storage/audits.py, `what`
    "held": "待办决定", "undo": "撤销", "gate": "发信开关", "submission": "代录", "amend": "更正",
    "letter": "信函", "unit": "单位", "status": "状态变更", "extend": "延期", "late": "准予计入", "owed": "事项",
    "recompute": "重算期限", "stage": "开启阶段", "roster": "名册", "circular": "通知",
    "backlog": "启用前来信", "retry": "重读",
}  # fmt: skip
REASONS = {
    "unclear": "勾选无法确认", "near-name": "单位名称相近", "other-sender": "另一地址来件", "late-change": "逾期更改",
    "disputed": "是否按时有争议", "member-no": "会员选否", "member-claim": "自称会员", "statement": "来信表态",
    "question": "来信询问", "unreadable": "附件未能读取", "oversized": "邮件过大", "unfetched": "未能取回",
    "protected": "不自动回信的来信", "recall": "撤回邮件", "attempts": "多次未读到表格", "no-unit": "没有单位名称",
    "decided-differs": "与人工决定不同", "internal": "程序出错", "strange-form": "其他表格",
    "spam": "信函被判为垃圾邮件", "doubt": "信函是否发出不明",
    "bounced": "信函被退回", "overdue": "催询后仍未收到", "term": "期限已到", "material": "来件似为材料",
    "data-change": "成员资料变更", "instruction": "来历不明的指令",
    "approval": "信函待批准",
}  # fmt: skip
