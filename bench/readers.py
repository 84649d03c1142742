"""The readers beside bare libraries on the same files, in CPU time: ours does more than they, the ratio says at what price.

    python -m bench.readers [file.pdf …]

PDF: against pdfium's own text and against pdfplumber's tables. HTML and DOCX: against the lxml parse of their markup alone.
Runs are interleaved and medians taken, so that other work on the machine weighs on all alike.
"""

from __future__ import annotations

import ctypes
import io
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from statistics import median

import pypdfium2.raw as pdfium
from lxml import etree, html

from bench import write
from bench.crawl import Site
from parsers.readers import docx, pdf
from parsers.readers import html as html_reader
from tests.generator import make
from tests.generator.layouts import LAYOUTS

RUNS = 15
SLOW_RUNS = 3              # pdfplumber takes seconds
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SEEDS = range(1, 4)

Reader = Callable[[bytes], object]


def main() -> None:
    """Measure, print the ratios and keep them as JSON."""
    figures = {
        "pdf against pdfium's text": against(pdf.read, pdfium_text, pdf_files(), RUNS),
        "pdf against pdfplumber's tables": against(pdf.read, pdfplumber_tables, pdf_files(), SLOW_RUNS),
        "html against lxml": against(html_reader.read, html_parse, pages(), RUNS),
        "docx against lxml": against(docx.read, docx_parse, rendered("docx_clean"), RUNS),
    }
    for name, ratios in figures.items():
        print(name)
        for file, ratio in ratios.items():
            print(f"  {file:40} {ratio:8.2f} times its CPU")
    print(f"kept as {write('readers', figures)}")


def against(ours: Reader, theirs: Reader, files: Mapping[str, bytes], runs: int) -> dict[str, float]:
    """For every file the CPU time of ours in multiples of theirs."""
    ratios = {}
    for name, data in files.items():
        ours(data)
        theirs(data)
        pairs = [(spent(ours, data), spent(theirs, data)) for _ in range(runs)]
        ratios[name] = round(median(own for own, _ in pairs) / median(other for _, other in pairs), 3)
    return ratios


def spent(reader: Reader, data: bytes) -> float:
    """CPU seconds of one reading."""
    start = time.process_time()
    reader(data)
    return time.process_time() - start


# ---------------------------------------------------------------- what is measured against


def pdfium_text(data: bytes) -> str:
    """The text of all pages, one call a page."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    pages = []
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        text = pdfium.FPDFText_LoadPage(page)
        count = pdfium.FPDFText_CountChars(text)
        buffer = ctypes.create_string_buffer(2 * count + 2)
        pdfium.FPDFText_GetText(text, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
        pages.append(buffer.raw[:2 * count].decode("utf-16-le", "replace"))
        pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
    return "\n".join(pages)


def pdfplumber_tables(data: bytes) -> list[object]:
    """The text and tables of all pages."""
    with import_module("pdfplumber").open(io.BytesIO(data)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


def html_parse(data: bytes) -> object:
    return html.fromstring(data)


def docx_parse(data: bytes) -> list[object]:
    """Every XML part of the package, parsed and thrown away."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith((".xml", ".rels"))]


# ---------------------------------------------------------------- the files


def pdf_files() -> dict[str, bytes]:
    """The files named on the command line, else the corpus where it is, and invented reports."""
    named = [Path(name) for name in sys.argv[1:]] or (sorted(CORPUS.glob("*.pdf")) if CORPUS.is_dir() else [])
    return {path.name: path.read_bytes() for path in named} | rendered("paper_ruled") | rendered("paper_borderless")


def pages() -> dict[str, bytes]:
    """Reports on bare pages of 9 KB, pasted from Word, and between the menus and scripts that are most of a portal's page."""
    portal = Site(2 * len(SEEDS)).files
    whole = [body for path, (kind, body) in portal.items() if kind == "text/html" and path != "/nb/"]
    return rendered("html_portal") | rendered("html_word") | {f"portal's page {n}": body for n, body in enumerate(whole, 1)}


def rendered(layout: str) -> dict[str, bytes]:
    """Invented reports in one layout."""
    return {f"{layout} {seed}": LAYOUTS[layout].render(make(seed)) for seed in SEEDS}


if __name__ == "__main__":
    main()
