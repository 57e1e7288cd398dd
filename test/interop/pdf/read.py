"""Reads a report with PDFium, the reader of Chromium: its words are found, its fonts are in it, and each word leaves ink."""

import ctypes
import json
import pathlib
import sys
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

# Points to pixels.
SCALE = 3
# A page is white; what is darker in any colour is ink.
INK = 200


def boxes(text: pdfium.PdfTextPage, word: str) -> Iterator[tuple[float, float, float, float]]:
    """Where a word stands, in points from the lower left corner."""
    found = text.search(word, match_case=True)
    while (place := found.get_next()) is not None:
        first, count = place
        edges = [text.get_charbox(first + i, loose=True) for i in range(count)]
        yield (
            min(left for left, _, _, _ in edges),
            min(bottom for _, bottom, _, _ in edges),
            max(right for _, _, right, _ in edges),
            max(top for _, _, _, top in edges),
        )


def fonts(page: pdfium.PdfPage) -> Iterator[tuple[str, bool]]:
    for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(text.raw)
        length = raw.FPDFFont_GetBaseFontName(font, None, 0)
        name = ctypes.create_string_buffer(length)
        raw.FPDFFont_GetBaseFontName(font, name, length)
        yield name.value.decode(), raw.FPDFFont_GetIsEmbedded(font) == 1


def leaves_ink(page: pdfium.PdfPage, box: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = box
    height = page.get_height()
    picture = page.render(scale=SCALE, grayscale=True)
    stride, data = picture.stride, bytes(picture.buffer)
    rows = range(int((height - top) * SCALE), int((height - bottom) * SCALE) + 1)
    return any(min(data[y * stride + int(left * SCALE) : y * stride + int(right * SCALE) + 1]) < INK for y in rows)


def check(page_texts: list[tuple[pdfium.PdfPage, pdfium.PdfTextPage]], word: str) -> str | None:
    for page, text in page_texts:
        for box in boxes(text, word):
            return None if leaves_ink(page, box) else "nothing is painted where it stands"
    return "it is not found"


folder = pathlib.Path(sys.argv[1])
report = pdfium.PdfDocument(folder / "report.pdf")
pages = [(page, page.get_textpage()) for page in report]
passed = failed = 0
for word in json.loads((folder / "words.json").read_text()):
    wrong = check(pages, word)
    passed += wrong is None
    failed += wrong is not None
    if wrong is not None:
        print(f"FAILED: {word}: {wrong}")
for name, embedded in sorted({font for page, _ in pages for font in fonts(page)}):
    passed += embedded
    failed += not embedded
    if not embedded:
        print(f"FAILED: {name} is not in the file")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
