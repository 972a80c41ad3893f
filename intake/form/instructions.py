"""What a form prints about how to fill it in, told from what a unit wrote: turned into NULs, offsets kept. Pure."""

from __future__ import annotations

import re

from intake.campaign import ChoiceSpec

_IN_BRACKETS = re.compile(r"[（(【\[〔][^（()）】\]〕]*(?:[（(]\s*[）)][^（()）】\]〕]*)*[）)】\]〕]")
_SHORT_INSTRUCTION = re.compile(
    r"\W*(?:单选|多选|可多选|必填|选填|必选|任选|二选一|[只限仅]?[选填]一项?|请?(?:打|画|划)?勾选?|[勾划打]选|请选择)\W*"
)
_INSTRUCTION_WORDS = re.compile(r"\W*(?:请|注|限|在|于|勾选|打|仅|此项|只|可|如|若)(?=.*[打勾填画划选√✓□☐])")
_NO_INSTRUCTION = re.compile(r"待|未|暂|虑|改|误|错|研究|领导|(?<!是)否(?![□☐√✓]|则)")
_INSTRUCTIONS = (
    re.compile(
        r"请?(?:在|于|将)[^。；;\n\x1f]{0,12}?(?:□|方?框|括号|选项|对应|相应|相关|栏|空格|前|后)[^。；;\n\x1f]{0,8}?"
        r"[打画划填][上入]?[“\"'‘「]?[√✓✔☑]?[”\"'’」]?(?:勾|对号|钩)?[：:。；;，,]?"
    ),
    re.compile(r"(?:如|若)果?已经?是[^。；;\n\x1f]{0,14}?(?:无需|无须|不需|不必|不用|可不)再?填写?"),
    re.compile(r"请(?:勾选|选择|打勾|划勾|选填)[：:]?"),
)


def blank_instructions(text: str) -> str:
    """The string with printed instructions (请在□内打√, 如已是会员，无需填写) turned into NULs, offsets kept."""
    text = _IN_BRACKETS.sub(lambda match: _nulls(match) if _instructs(match.group()) else match.group(), text)
    for pattern in _INSTRUCTIONS:
        text = pattern.sub(_nulls, text)
    return text


def blank_print(text: str, spec: ChoiceSpec) -> str:
    """The string with the words that the blank form prints among its options turned into NULs."""
    for words in spec.printed:
        text = re.sub(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", _nulls, text)
    return text


def _nulls(match: re.Match[str]) -> str:
    return "\x00" * len(match.group())


def _instructs(bracket: str) -> bool:
    """Whether a bracket tells how to fill in, and is no remark of the unit (请选否, 在研究中, 如会费合适)."""
    if _SHORT_INSTRUCTION.fullmatch(bracket):
        return True
    return bool(_INSTRUCTION_WORDS.match(bracket)) and not _NO_INSTRUCTION.search(bracket)
