"""Characters from pixels: the only user of rapidocr, with its models inside the wheel.

Promises: nothing is fetched (every model is named by its path in the wheel), one thread a process, and the
engine is loaded once a process, when it is first needed. Raises NoOcr where the extra [ocr] is not installed.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from intake.errors import NoOcr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image: TypeAlias = NDArray[Any]  # bytes, height x width x 3, blue green red
    Quads: TypeAlias = NDArray[Any]  # floats, n x 4 corners x 2, from the top left corner clockwise

_NEEDED = ("rapidocr", "onnxruntime", "cv2", "numpy")
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
_ASKED = 12  # lines asked whether they stand on their heads
_READ_HEIGHT, _NARROWEST = 48, 160  # pixels of a line as the model reads it; a shorter one is padded
_MOST_LINES = 400  # lines of a page that are read; a form has fewer than a hundred
_FEW = 4  # steps from letter to letter: options far apart, which tell less of the size of a letter
_GAP = 6  # columns of the model without a character: a gap between words


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters of a line that stand together: `start` and `end` as shares of the line's length from 0 to 1."""

    text: str
    start: float
    end: float
    score: float


@functools.cache
def installed() -> bool:
    """Whether the extra [ocr] is there, models included; loads nothing."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return False
    return all((_models() / name).is_file() for name in _MODELS.values())


def _models() -> Path:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise NoOcr("rapidocr is not installed")
    return Path(spec.origin).parent / "models"


@functools.cache
def work_alone() -> None:
    """Have OpenCV use this thread alone, as the engine does: the other cores belong to other children, and threads
    that wait for their share of a small picture use a fifth more processor than they save."""
    import cv2

    cv2.setNumThreads(1)


def find_lines(image: Image) -> Quads:
    """Where lines of text stand: their four corners, empty where there are none."""
    import numpy as np

    boxes = _engine().det(image).boxes
    if boxes is None or not len(boxes):
        return np.zeros((0, 4, 2), np.float32)
    return np.asarray(boxes, np.float32)[:_MOST_LINES]


def upside_down(crops: Sequence[Image]) -> bool:
    """Whether most of the longest of these lines stand on their heads."""
    asked = sorted(crops, key=lambda crop: crop.shape[1] / crop.shape[0], reverse=True)[:_ASKED]
    if not asked:
        return False
    said = _engine().cls(list(asked)).cls_res or []
    votes = [(1 if "180" in label else -1) * float(score) for label, score in said]
    return sum(votes) > 0.2 * len(votes)


def read_lines(crops: Sequence[Image]) -> list[list[Glyphs]]:
    """The characters of each line, in order; a line in which nothing was read is empty."""
    from rapidocr.ch_ppocr_rec.typings import TextRecInput

    if not crops:
        return []
    said = _engine().rec(TextRecInput(img=list(crops), return_word_box=True))
    if said.txts is None:
        return [[] for _ in crops]
    lines = zip(said.txts, said.word_results, strict=True)
    return [_glyphs(text, info) if text.strip() else [] for text, info in lines]


def _glyphs(text: str, info: Any) -> list[Glyphs]:
    """Chinese characters and signs one by one, runs of Latin letters and digits whole."""
    found: list[Glyphs] = []
    length = float(info.line_txt_len) or 1.0
    spread = _spread(info)
    confidences = iter([sure for letter, sure in zip(text, info.confs, strict=False) if not letter.isspace()])
    for letters, columns in zip(info.words, info.word_cols, strict=True):
        scores = [next(confidences, 0.0) for _ in letters]
        for first, last in _runs(letters, columns):
            half = spread / 2 if _is_wide(letters[first]) else spread / 3.2
            found.append(
                Glyphs(
                    "".join(letters[first:last]),
                    max(0.0, (columns[first] + 0.5 - half) / length),
                    min(1.0, (columns[last - 1] + 0.5 + half) / length),
                    sum(scores[first:last]) / (last - first),
                )
            )
    return found


def _spread(info: Any) -> float:
    """The width of a Chinese character in columns of the model: 48 pixels a line, 8 a column, six columns."""
    steps = sorted(
        after - before
        for letters, columns in zip(info.words, info.word_cols, strict=True)
        for letter, before, after in zip(letters, columns, columns[1:], strict=False)
        if _is_wide(letter)
    )
    if not steps:
        return 5.0
    usual, most = (steps[len(steps) // 2], 8) if len(steps) > _FEW else (steps[0], 6)
    return float(min(max(usual, 3), most))


def _runs(letters: Sequence[str], columns: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at, letter in enumerate(letters):
        joins = runs and at and not _is_wide(letter) and not _is_wide(letters[at - 1])
        if joins and columns[at] - columns[at - 1] <= _GAP:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _is_wide(letter: str) -> bool:
    """A character of its own: Chinese, or a sign that is no part of a number or an address."""
    return not (letter.isascii() and letter.isprintable())


@dataclass(frozen=True, slots=True)
class _Engine:
    det: Any
    cls: Any
    rec: Any


@functools.cache
def _engine() -> _Engine:
    if not installed():
        raise NoOcr("the extra [ocr] is not installed")
    from rapidocr import RapidOCR
    from rapidocr.ch_ppocr_cls import TextClassifier
    from rapidocr.ch_ppocr_det import TextDetector
    from rapidocr.ch_ppocr_rec import TextRecognizer

    models = _models()
    cfg = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 4096,  # the page comes in the size it shall be looked at
            "Rec.rec_batch_num": 1,  # more at once only pads the shorter lines
            "Rec.rec_img_shape": [3, _READ_HEIGHT, _NARROWEST],
            **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
        }
    ).cfg
    for part in (cfg.Det, cfg.Cls, cfg.Rec):
        part.engine_cfg = cfg.EngineConfig[part.engine_type.value]
        part.model_root_dir = str(models)
    cfg.Rec.font_path = cfg.Global.font_path
    return _Engine(TextDetector(cfg.Det), TextClassifier(cfg.Cls), TextRecognizer(cfg.Rec))
