"""Draws the sample pictures beside this file: a filled form of a made-up unit, scanned with a seal and photographed.

Run by hand where the fonts of Noto CJK are installed: python tests/samples/pictures/make_pictures.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
FONT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
WIDTH, HEIGHT = 1240, 1754
ROWS = (
    (("单位名称", 180), ("北京样本知识产权服务有限公司", 820)),
    (("联系人姓名", 180), ("张样本", 320), ("办公电话", 180), ("010-88001234", 320)),
    (("联系人职务", 180), ("业务主管", 320), ("手机号码", 180), ("13800138000", 320)),
    (("电子邮箱", 180), ("sample@example.com", 820)),
    (("是否愿意加入首都知识产权运营联盟", 560), ("", 440)),
    (("是否愿意成为首都知识产权服务业协会会员（如已是会员，无需填写）", 560), ("", 440)),
)


def page(sign: str = "box") -> tuple[Any, list[tuple[int, int]]]:
    """The printed and filled page, and the left top corners of its four boxes, row by row; `sign`: box, circle, none."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 248))
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 26, index=2)
    pen.text(
        (260, 190), "首都知识产权运营联盟入盟意向书", fill=(15, 15, 15), font=ImageFont.truetype(FONT, 46, index=2)
    )
    boxes = []
    top = 300
    for cells in ROWS:
        left, height = 120, 84
        for text, width in cells:
            pen.rectangle((left, top, left + width, top + height), outline=(20, 20, 20), width=2)
            lines = [text[at : at + 20] for at in range(0, len(text), 20)]
            for number, line in enumerate(lines):
                pen.text(
                    (left + 16, top + (24 if len(lines) == 1 else 8 + 36 * number)), line, fill=(15, 15, 15), font=font
                )
            if not text:
                for word, x in (("是", left + 90), ("否", left + 250)):
                    if sign != "none":
                        draw = pen.rectangle if sign == "box" else pen.ellipse
                        draw((x, top + 30, x + 24, top + 54), outline=(20, 20, 20), width=2)
                    pen.text((x + 40, top + 24), word, fill=(15, 15, 15), font=font)
                    boxes.append((x, top + 30))
            left += width
        top += height
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), boxes


def ticked(image: Any, corner: tuple[int, int]) -> None:
    x, y = corner
    points = np.array([[x + 2, y + 10], [x + 10, y + 22], [x + 34, y - 10]], np.int32)
    cv2.polylines(image, [points], False, (140, 50, 30), 4, cv2.LINE_AA)


def ringed(image: Any, corner: tuple[int, int]) -> None:
    """A ring round the word behind a box."""
    cv2.ellipse(image, (corner[0] + 53, corner[1] + 12), (26, 25), 12, 0, 360, (140, 50, 30), 3, cv2.LINE_AA)


def struck(image: Any, corner: tuple[int, int]) -> None:
    """A line through the word behind a box."""
    x, y = corner[0], corner[1] + 13
    cv2.line(image, (x + 33, y + 2), (x + 76, y - 1), (50, 45, 45), 3, cv2.LINE_AA)


def sealed(image: Any) -> Any:
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.circle(mask, (700, 380), 120, 255, 8)
    star = [
        (700 + r * np.sin(a), 380 - r * np.cos(a))
        for a, r in zip(np.linspace(0, 6.283, 11)[:10], [44, 18] * 5, strict=True)
    ]
    cv2.fillPoly(mask, [np.array(star, np.int32)], 255)
    share = (mask / 255 * 0.7)[:, :, None]
    return (image * (1 - share) + image * share * np.array([70, 60, 225]) / 255).astype(np.uint8)


def scanned(image: Any) -> Any:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 1.7, 1)
    image = cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderValue=(240, 240, 240))
    return cv2.GaussianBlur(image, (0, 0), 0.7)


def photographed(image: Any) -> Any:
    source = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    target = np.array([[150, 120], [1330, 90], [1400, 1850], [70, 1880]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    desk = np.full((1960, 1460, 3), (60, 80, 110), np.uint8)
    photo = cv2.warpPerspective(image, matrix, (1460, 1960), desk, borderMode=cv2.BORDER_TRANSPARENT)
    light = 1 - 0.4 / (1 + np.exp(-np.linspace(-6, 6, 1460)))
    return (photo * light[None, :, None]).astype(np.uint8)


def main() -> None:
    image, boxes = page()
    ticked(image, boxes[0])
    ticked(image, boxes[3])
    cv2.imwrite(str(HERE / "scan-seal.jpg"), scanned(sealed(image)), [cv2.IMWRITE_JPEG_QUALITY, 45])
    cv2.imwrite(str(HERE / "photograph.jpg"), photographed(image), [cv2.IMWRITE_JPEG_QUALITY, 45])
    for sign, name in (("none", "words-alone.jpg"), ("circle", "round-boxes.jpg")):
        image, boxes = page(sign)
        ringed(image, boxes[0])
        struck(image, boxes[2])
        cv2.imwrite(str(HERE / name), scanned(image), [cv2.IMWRITE_JPEG_QUALITY, 45])


if __name__ == "__main__":
    main()
