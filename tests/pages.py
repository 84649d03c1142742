"""PDF pages written by hand: a content stream of texts and rules, bound into a file."""

from __future__ import annotations


def page(*parts: str, size: tuple[int, int] = (595, 842), more: str = "") -> bytes:
    """A page object with a content stream; `more` are further entries of the page."""
    content = "\n".join(parts)
    return (f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size[0]} {size[1]}]{more}/Contents {{}} 0 R"
            "/Resources<</Font<</F 4 0 R>>/XObject<</X 6 0 R>>>>>>"
            f"\0<</Length {len(content)}>>stream\n{content}\nendstream").encode()


def bound(*pages: bytes, form: str = "", title: str = "") -> bytes:
    """A PDF of such pages; SimSun is named and not embedded, `form` is what the XObject /X draws."""
    kids, rest = [], []
    for number, data in enumerate(pages):
        entry, content = data.split(b"\0", 1)
        first = 8 + 2 * number
        kids.append(f"{first} 0 R")
        rest += [entry.replace(b"{}", str(first + 1).encode()), content]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode(),
        f"<</Title<feff{title.encode('utf-16-be').hex()}>>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        b"/DW 1000/W[1 95 500]/FontDescriptor 7 0 R>>",
        (f"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</Font<</F 4 0 R>>>>/Length {len(form)}>>"
         f"stream\n{form}\nendstream").encode(),
        b"<</Type/FontDescriptor/FontName/SimSun/Flags 6/FontBBox[0 -141 1000 859]/ItalicAngle 0/Ascent 859/Descent -141"
        b"/CapHeight 683/StemV 95>>", *rest]
    file, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, start)
    return bytes(file)


def text(x: float, y: float, words: str, size: float = 10, mode: int = 0) -> str:
    return f"BT /F {size} Tf {mode} Tr {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def frame(xs: list[int], ys: list[int], draw: str = "S") -> str:
    """The rules of a table with walls at these places, stroked or as thin filled bars."""
    if draw == "f":
        return "\n".join([*(f"{x} {ys[0]} 0.6 {ys[-1] - ys[0]} re f" for x in xs),
                          *(f"{xs[0]} {y} {xs[-1] - xs[0]} 0.6 re f" for y in ys)])
    return "\n".join([*(f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs), *(f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys)])
