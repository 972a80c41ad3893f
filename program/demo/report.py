"""What the demonstration prints and leaves behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from intake.model import ANSWERS
from program.demo.audit import WENT_OUT, standings
from program.demo.play import END, Played
from program.words import KINDS, LETTERS, table
from storage import held, ledger
from storage.tables import letters, messages


def write_files(played: Played, folder: Path) -> None:
    """The ledger, and each letter as the server took it."""
    post = folder / "letters"
    post.mkdir()
    for number, letter in enumerate(played.servers.submitted, start=1):
        (post / f"{number:03d} {letter.recipients[0]}.eml").write_bytes(letter.raw)
    with played.works.register.reading() as tx:
        ledger.write(tx, folder / "台账.xlsx", played.works.campaigns[0], END)


def lines(played: Played, folder: Path) -> Iterator[str]:
    """The report in Chinese: units, letters, what is held, where to look."""
    with played.works.register.reading() as tx:
        yield "一、各单位的答复"
        rows = [("单位", "加入联盟", "成为会员", "")]
        for name, standing in standings(tx).items():
            late = "逾期" if standing.late else ""
            rows.append((name, ANSWERS[standing.join], ANSWERS[standing.member], late))
        yield from table(rows)
        yield f"共 {len(rows) - 1} 家。"
        yield "\n二、来信与发信"
        kinds = Counter(tx.scalars(select(messages.c.kind)))
        yield "来信：" + "，".join(f"{KINDS[kind]} {count}" for kind, count in kinds.most_common())
        sent = Counter(tx.scalars(select(letters.c.kind).where(letters.c.state.in_(WENT_OUT))))
        yield "发信：" + "，".join(f"{LETTERS[kind]} {count}" for kind, count in sent.most_common())
        yield "\n三、待人工处理"
        waiting = held.list_open(tx)
        yield from table([(row.reference, held.REASONS[row.reason], row.sentence) for row in waiting])
        yield f"共 {len(waiting)} 件。"
    yield "\n四、文件"
    yield from table(
        [
            ("登记库", f"{folder}/register.sqlite"),
            ("台账", f"{folder}/台账.xlsx"),
            ("信函", f"{folder}/letters/*.eml"),
            ("来信原件", f"{folder}/data/mails/"),
        ]
    )
