"""One invented report: figures as written, prose, and the tables as drawn."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.foreign import drawing, words
from tests.foreign.drawing import Cells, Drawn
from tests.foreign.writing import Pen
from tests.generator.figures import invent as figures

NUMERALS = "一二三四五六"
STYLES = ("{}、{}", "{}、{}", "{}、{}", "（{}）{}", "{}．{}", "第{}部分 {}")
Part = str | tuple[int, str] | Drawn  # a paragraph, (heading level, heading), or a table


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: `parts` in reading order, the truth, and the section ids in order."""

    seed: int
    form: str
    title: str
    parts: tuple[Part, ...]
    cells: Cells
    sections: tuple[str, ...]

    @property
    def shapes(self) -> dict[str, str]:
        """How each table was drawn, by table id."""
        return {part.name.split(".")[0]: part.name for part in self.parts if isinstance(part, Drawn)}


def invent(seed: int, *, form: str = "", pen: Pen | None = None, plain: bool = False) -> Made:
    """A report in some drawing; `plain` writes every number plainly."""
    random = Random(f"foreign {seed}")
    form = form or random.choice(("f2021", "f2021", "f2019"))
    pen = Pen() if plain else pen or Pen.pick(random)
    cells: Cells = {}
    for key, number in figures(form, random, may_rule=False, busy=random.choice((0, 1, 2, 3))).items():
        unit = "" if key[1].endswith(("wan", "amount")) else "项" if "items" in key[1] or "projects" in key[1] else "件"
        cells[key] = pen.write(number, unit, random, signed="delta" in key[1])
    year = {"f2021": random.choice((2021, 2022, 2023, 2024)), "f2019": random.choice((2019, 2020))}[form]
    place = random.choice(("青田县水利局", "太和县民政局", "桐庐县教育局", "武功县审计局"))
    title = f"{place}{year}年政府信息公开工作年度报告"
    headings = {name: words.wording(options, random) for name, options in words.HEADINGS.items()}
    style = random.choice(STYLES)
    parts: list[Part] = [
        (1, title),
        f"根据《中华人民共和国政府信息公开条例》规定，现公布{place}{year}年政府信息公开工作年度报告。"
        f"本报告所列数据统计期限为{year}年1月1日至{year}年12月31日。",
    ]
    tables = {"proactive": drawing.proactive, "requests": drawing.requests, "remedies": drawing.remedies}
    prose = {
        "overview": [
            f"{year}年，我局认真落实政府信息公开各项工作要求。",
            *random.choice(
                (
                    [],
                    [(0, "（一）主动公开情况"), "全年通过网站发布信息。"],
                    [(0, "1.依申请公开情况"), "规范办理依申请公开工作。"],
                )
            ),
        ],
        "problems": ["存在的问题是公开深度不够，下一步将加强培训。"],
        "other": ["没有其他需要报告的事项。"],
    }
    for number, (name, heading) in enumerate(headings.items()):
        parts.append((2, style.format(NUMERALS[number], heading)))
        parts += prose.get(name, [])
        parts += tables[name](cells, random) if name in tables else []
    return Made(seed, form, title, tuple(parts), cells, tuple(headings))
