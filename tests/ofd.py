"""OFD files for the tests, made from the pages of a PDF: the same words and strokes in the other format's XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby, pairwise

import pypdfium2
import pypdfium2.raw as raw

MM = 25.4 / 72
NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def from_pdf(data: bytes, title: str = "", steps: bool = True) -> bytes:
    """The pages of a PDF as OFD. `steps` writes equal steps as `g n step`, as most producers do."""
    document = pypdfium2.PdfDocument(data)
    pages = [page_xml(page, steps) for page in document]
    document.close()
    return package(pages, title)


def package(pages: Sequence[str], title: str = "") -> bytes:
    """A zip of the given pages' XML."""
    entry = (f"<ofd:OFD {NAMESPACE} Version='1.0' DocType='OFD'><ofd:DocBody>"
             f"<ofd:DocInfo><ofd:Title>{escape(title)}</ofd:Title></ofd:DocInfo>"
             "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>")
    listed = "".join(f"<ofd:Page ID='{n + 10}' BaseLoc='Pages/Page_{n}/Content.xml'/>" for n in range(len(pages)))
    document = (f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
                f"</ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("OFD.xml", entry)
        package.writestr("Doc_0/Document.xml", document)
        for number, page in enumerate(pages):
            package.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", page)
    return file.getvalue()


def page_xml(page: pypdfium2.PdfPage, steps: bool) -> str:
    width, height = page.get_size()
    objects = [*texts(page, height, steps), *paths(page, height)]
    numbered = "".join(item.replace("ID=''", f"ID='{n + 100}'") for n, item in enumerate(objects))
    return content(numbered, width * MM, height * MM)


def content(objects: str, width: float = 210, height: float = 297) -> str:
    """A page of the size in millimetres with the objects in one layer."""
    return (f"<ofd:Page {NAMESPACE}><ofd:Area><ofd:PhysicalBox>0 0 {width:.3f} {height:.3f}</ofd:PhysicalBox></ofd:Area>"
            f"<ofd:Content><ofd:Layer ID='1' Type='Body'>{objects}</ofd:Layer></ofd:Content></ofd:Page>")


def texts(page: pypdfium2.PdfPage, height: float, steps: bool) -> Iterator[str]:
    """One text object for each run of characters on one line."""
    text = page.get_textpage()
    characters = [(text.get_text_range(n, 1), text.get_charbox(n, loose=True)) for n in range(text.count_chars())]
    for _, run in groupby((c for c in characters if c[0].strip()), key=lambda c: (round(c[1][1], 1), round(c[1][3], 1))):
        yield text_object(list(run), height, steps)


def text_object(run: list[tuple[str, tuple[float, float, float, float]]], height: float, steps: bool) -> str:
    left, bottom, right, top = run[0][1][0], run[0][1][1], run[-1][1][2], run[0][1][3]
    size = top - bottom
    deltas = [f"{(b[1][0] - a[1][0]) * MM:.3f}" for a, b in pairwise(run)]
    equal = [(step, len(list(same))) for step, same in groupby(deltas)]
    shown = " ".join(f"g {count} {step}" for step, count in equal) if steps else " ".join(deltas)
    return (f"<ofd:TextObject ID='' Boundary='{boundary(left, height - top, right - left, size)}' "
            f"Font='3' Size='{size * MM:.3f}'><ofd:TextCode X='0' Y='{0.86 * size * MM:.3f}' DeltaX='{shown}'>"
            f"{escape(''.join(c for c, _ in run))}</ofd:TextCode></ofd:TextObject>")


def paths(page: pypdfium2.PdfPage, height: float) -> Iterator[str]:
    """Every drawn rectangle as a closed path, thin bars filled and frames stroked."""
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = item.get_bounds()
        wide, high = (right - left) * MM, (top - bottom) * MM
        paint = "Fill='true' Stroke='false'" if min(wide, high) < 1 else "Stroke='true'"
        place = boundary(left, height - top, right - left, top - bottom)
        yield (f"<ofd:PathObject ID='' Boundary='{place}' {paint} LineWidth='0.25'>"
               f"<ofd:AbbreviatedData>M 0 0 L {wide:.3f} 0 L {wide:.3f} {high:.3f} L 0 {high:.3f} C</ofd:AbbreviatedData>"
               "</ofd:PathObject>")


def boundary(x: float, y: float, width: float, height: float) -> str:
    """A box in points as OFD writes it."""
    return " ".join(f"{value * MM:.3f}" for value in (x, y, width, height))
