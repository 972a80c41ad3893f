"""Pictures: every format and colour, what is refused before it is decoded, and pages read from photographs."""

from __future__ import annotations

import io
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image as Picture
from PIL import Image

from intake import readers, reading
from intake.answers import Form
from intake.campaign import FormSpec
from intake.errors import Damaged, NoOcr, TooLarge, Unreadable
from intake.form.photographs import PICTURE
from intake.readers import picture
from program.campaign_folders import load_campaigns

SAMPLES = Path(__file__).parents[1] / "samples" / "pictures"
PHOTOGRAPH = (SAMPLES / "photograph.jpg").read_bytes()
SCAN = (SAMPLES / "scan-seal.jpg").read_bytes()
WORDS_ALONE, ROUND_BOXES = ((SAMPLES / name).read_bytes() for name in ("words-alone.jpg", "round-boxes.jpg"))
VALUES = {
    "unit": "北京样本知识产权服务有限公司",
    "contact": "张样本",
    "office_phone": "010-88001234",
    "title": "业务主管",
    "mobile": "13800138000",
    "email": "sample@example.com",
}


@cache
def specs() -> tuple[FormSpec, ...]:
    return tuple(loaded.campaign.form for loaded in load_campaigns())


def encoded(mode: str, kind: str, size: tuple[int, int] = (300, 260), **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **options)
    return target.getvalue()


def forms(content: bytes) -> list[Form]:
    return list(reading.read_file("a.jpg", content, specs(), ocr=True).forms)


PAGES = [
    ("RGB", "PNG"), ("RGBA", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("1", "PNG"), ("P", "PNG"), ("I;16", "PNG"),
    ("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"),
    ("RGB", "TIFF"), ("1", "TIFF"), ("I;16", "TIFF"), ("CMYK", "TIFF"), ("F", "TIFF"),
    ("P", "GIF"), ("RGB", "BMP"), ("RGB", "WEBP"), ("RGBA", "WEBP"),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "kind"), PAGES)
def test_a_picture_of_every_kind_is_decoded_and_is_not_read_without_ocr(mode: str, kind: str) -> None:
    content = encoded(mode, kind)
    with pytest.raises(NoOcr):
        readers.read(content, "a.docx")
    with Image.open(io.BytesIO(content)) as opened:
        (image,) = picture._images(opened, [0])
    assert image.shape == (260, 300, 3)


@pytest.mark.parametrize("size", [(1500, 3), (199, 2000), (1800, 210), (1, 1)])
def test_a_picture_too_thin_for_a_page_gives_no_document(size: tuple[int, int]) -> None:
    assert readers.read(encoded("RGB", "PNG", size)) == ()


def test_a_picture_of_too_many_pixels_is_refused_undecoded() -> None:
    with pytest.raises(TooLarge):
        readers.read(encoded("1", "PNG", (10_000, 10_000)), ocr=True)


def test_a_tiff_of_too_many_pages_is_refused() -> None:
    page = Image.new("1", (300, 300))
    target = io.BytesIO()
    page.save(target, "TIFF", save_all=True, append_images=[page] * picture.MAX_PAGES)
    with pytest.raises(TooLarge):
        readers.read(target.getvalue(), ocr=True)


def test_every_page_of_a_tiff_is_a_page_and_other_frames_are_not() -> None:
    page = Image.new("L", (300, 300))
    for kind, pages in (("TIFF", 3), ("GIF", 1)):
        target = io.BytesIO()
        page.save(target, kind, save_all=True, append_images=[Image.new("L", (300, 300), tone) for tone in (90, 200)])
        with Image.open(target) as opened:
            assert len(picture._pages(opened)) == pages


@pytest.mark.parametrize("cut", [0.001, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"])
def test_a_truncated_picture_is_damaged(kind: str, cut: float) -> None:
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(whole, kind)
    content = whole.getvalue()[: 16 + int(len(whole.getvalue()) * cut)]
    with pytest.raises((Damaged, Unreadable)):
        readers.read(content, "a.jpg", ocr=True)


@settings(max_examples=150)
@given(st.sampled_from(["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"]), st.data())
def test_bits_turned_over_end_in_a_clear_error(kind: str, data: st.DataObject) -> None:
    content = bytearray(encoded("L", kind))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, min(len(content), 400) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(Unreadable):  # and nothing else
        readers.read(bytes(content), "a.jpg")


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_is_turned_as_its_camera_says(orientation: int) -> None:
    image = Image.new("RGB", (400, 300), "white")
    image.paste("red", (0, 0, 400, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    target = io.BytesIO()
    image.save(target, "JPEG", exif=exif, quality=95)
    with Image.open(target) as opened:
        (shown,) = picture._images(opened, [0])
    height, width = shown.shape[:2]
    side = {1: shown[5, width // 2], 3: shown[-6, width // 2], 6: shown[height // 2, -6], 8: shown[height // 2, 5]}
    assert int(side[orientation][2]) > 200 > 60 > int(side[orientation][0])


def test_print_on_a_clear_ground_is_shown_on_paper_that_it_stands_out_from() -> None:
    for ink, paper in ((0, 255), (255, 0)):
        image = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
        image.paste((ink, ink, ink, 255), (100, 100, 160, 160))
        target = io.BytesIO()
        image.save(target, "PNG")
        with Image.open(target) as opened:
            (shown,) = picture._images(opened, [0])
        assert (int(shown[5, 5, 0]), int(shown[130, 130, 0])) == (paper, ink)


@pytest.mark.parametrize("content", [WORDS_ALONE, ROUND_BOXES], ids=["words alone", "round boxes"])
def test_a_ring_round_one_option_and_a_line_through_another(content: bytes) -> None:
    (form,) = forms(content)
    assert {key: value.text for key, value in form.values.items()} == VALUES
    assert (form.choices["join"].answer, form.choices["member"].answer) == ("yes", "no")


@pytest.mark.parametrize("content", [PHOTOGRAPH, SCAN], ids=["photograph", "scan with a seal"])
def test_a_filled_form_is_read_from_pixels(content: bytes) -> None:
    (form,) = forms(content)
    assert {key: value.text for key, value in form.values.items()} == VALUES
    assert {key: choice.answer for key, choice in form.choices.items()} == {"join": "yes", "member": "no"}
    assert form.drawn
    for choice in form.choices.values():
        assert choice.cutout.startswith(b"\x89PNG")
        assert len(choice.cutout) <= 40_000


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_is_read_however_it_lies(turn: int) -> None:
    target = io.BytesIO()
    Image.open(io.BytesIO(SCAN)).rotate(turn, expand=True).save(target, "JPEG", quality=60)
    (form,) = forms(target.getvalue())
    assert form.value("unit") == VALUES["unit"]
    assert {key: choice.answer for key, choice in form.choices.items()} == {"join": "yes", "member": "no"}


def test_a_picture_of_nothing_is_left_to_a_person() -> None:
    with pytest.raises(NoOcr) as left:
        readers.read(encoded("RGB", "PNG", (900, 700)), ocr=True)
    assert "需人工阅读" in left.value.sentence
    assert forms(encoded("RGB", "JPEG", (640, 900))) == []


def word_file(*pictures: bytes) -> bytes:
    made, target = docx.Document(), io.BytesIO()
    for content in pictures:
        made.add_picture(io.BytesIO(content), width=Cm(16))
    made.save(target)
    return target.getvalue()


def workbook(content: bytes) -> bytes:
    made, target = openpyxl.Workbook(), io.BytesIO()
    assert made.active is not None
    made.active.add_image(Picture(io.BytesIO(content)), "A1")
    made.save(target)
    return target.getvalue()


def rtf_file(content: bytes) -> bytes:
    return rb"{\rtf1{\pict\jpegblip\picw9000\pich12000\picwgoal9000\pichgoal12000 " + content.hex().encode() + b"}}"


ENCLOSED = [("a.docx", word_file(PHOTOGRAPH)), ("a.xlsx", workbook(PHOTOGRAPH)), ("a.rtf", rtf_file(PHOTOGRAPH))]


@pytest.mark.parametrize(("name", "content"), ENCLOSED, ids=[name for name, _ in ENCLOSED])
def test_a_scan_pasted_into_a_document_is_read(name: str, content: bytes) -> None:
    with pytest.raises(NoOcr):
        readers.read(content, name)
    (form,) = reading.read_file(name, content, specs(), ocr=True).forms
    assert {key: value.text for key, value in form.values.items()} == VALUES
    assert form.drawn


def test_pictures_of_a_document_come_in_their_order_and_a_broken_one_costs_itself() -> None:
    small, broken = encoded("RGB", "PNG", (100, 90)), PHOTOGRAPH[:9000]
    found = readers.read(word_file(small, broken, PHOTOGRAPH, SCAN), "a.docx", ocr=True)
    assert [VALUES["unit"] in document.text for document in found] == [True, True]
    with pytest.raises(NoOcr):
        readers.read(word_file(broken), "a.docx", ocr=True)


def test_the_document_says_that_it_was_drawn() -> None:
    (document,) = readers.read(PHOTOGRAPH, ocr=True)
    assert (document.format, document.drawn) == (PICTURE, True)
