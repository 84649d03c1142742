"""Word files whose every enumerator is automatic: headings by style, lists with restarts, circles, outline numbers.

`words(made)` is what they print, `written(made)` the same report with its enumerators in the text, `file(made)` the DOCX that
carries only counters; the files of other formats in `golden/numbered` were converted from it by LibreOffice.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from random import Random

from tests.foreign.drawing import Drawn
from tests.foreign.report import Made, Part
from tests.foreign.word import RELATIONS, TYPES, W, run, table

CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml."
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: abstract list → its levels, as (form, template)
LISTS = {
    1: (("chineseCountingThousand", "%1、"),),
    6: (("chineseCounting", "（%1）"), ("decimal", "%2."), ("decimalEnclosedCircle", "%3")),
    2: (("decimal", "%1、"), ("lowerLetter", "%2)")),
    3: (("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3")),
    4: (("bullet", ""), ("bullet", "·")),
}
#: w:num → (abstract list, start it forces on its first level)
NUMS = {1: (1, 0), 2: (2, 0), 3: (3, 0), 4: (4, 0), 5: (6, 0), 6: (2, 5), 7: (2, 1)}
#: paragraphs of the first section: (w:num, level, enumerator, words)
EXTRA = (
    (5, 0, "（一）", "主动公开"),
    (5, 1, "1.", "公开政策文件"),
    (5, 1, "2.", "公开工作动态"),
    (5, 2, "①", "网站发布"),
    (5, 2, "②", "微信发布"),
    (5, 0, "（二）", "依申请公开"),
    (5, 1, "1.", "办理申请"),
    (2, 0, "1、", "加强领导"),
    (2, 0, "2、", "完善制度"),
    (2, 1, "a)", "专人负责"),
    (2, 1, "b)", "定期检查"),
    (2, 0, "3、", "强化监督"),
    (4, 0, "", "不编号的一项"),
    (6, 0, "5、", "从五开始的一项"),
    (7, 0, "1、", "重新开始的一项"),
    (3, 0, "1 ", "平台建设"),
    (3, 1, "1.1 ", "网站"),
    (3, 1, "1.2 ", "新媒体"),
    (3, 2, "1.2.1 ", "微信"),
    (3, 0, "2 ", "监督保障"),
    (5, 0, "（三）", "政府信息管理"),
)


def written(made: Made) -> Made:
    """The report with every enumerator in its text."""
    parts: list[Part] = []
    for part in made.parts:
        parts.append(part)
        if isinstance(part, tuple) and part[1].startswith("一、"):
            parts += [number + text for _, _, number, text in EXTRA]
    return replace(made, parts=tuple(parts))


def words(made: Made) -> list[str]:
    """The lines outside tables, as printed."""
    return [part[1] if isinstance(part, tuple) else part for part in written(made).parts if not isinstance(part, Drawn)]


def file(made: Made) -> bytes:
    """The report as DOCX; its headings must be numbered 一、 to 六、."""
    body = []
    for part in made.parts:
        if isinstance(part, Drawn):
            body.append(table(part, "plain", Random(0)) + "<w:p/>")
        elif isinstance(part, tuple) and part[0] == 2:
            body.append(f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run(part[1][2:])}</w:p>')
            body += [_listed(number, level, text) for number, level, _, text in EXTRA] if part[1].startswith("一、") else []
        else:
            body.append(f"<w:p>{run(part if isinstance(part, str) else part[1])}</w:p>")
    document = f'<w:document xmlns:w="{W}"><w:body>{"".join(body)}<w:sectPr/></w:body></w:document>'
    parts = {
        "[Content_Types].xml": TYPES.replace(
            "</Types>",
            "".join(
                f'<Override PartName="/word/{name}.xml" ContentType="{CONTENT}{name}+xml"/>' for name in ("styles", "numbering")
            )
            + "</Types>",
        ),
        "_rels/.rels": RELATIONS,
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="r{name}" Type="{RELS}/{name}" Target="{name}.xml"/>' for name in ("styles", "numbering"))
        + "</Relationships>",
        "word/document.xml": document,
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            head = "" if text.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-8"?>'
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), head + text)
    return out.getvalue()


def _listed(number: int, level: int, text: str) -> str:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr>{run(text)}</w:p>"


def _styles() -> str:
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return (
        f'<w:styles xmlns:w="{W}">{normal}<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr>'
        f"</w:style></w:styles>"
    )


def _numbering() -> str:
    out = [f'<w:numbering xmlns:w="{W}">']
    for key, levels in LISTS.items():
        out.append(f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>')
        for number, (form, template) in enumerate(levels):
            style = '<w:pStyle w:val="Heading1"/>' if key == 1 and number == 0 else ""
            shape = f'<w:numFmt w:val="{form}"/>{style}<w:lvlText w:val="{template}"/>'
            out.append(f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/>{shape}</w:lvl>')
        out.append("</w:abstractNum>")
    for key, (abstract, start) in NUMS.items():
        change = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        out.append(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{abstract}"/>{change}</w:num>')
    return "".join(out) + "</w:numbering>"
