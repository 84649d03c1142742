"""The three statutory tables drawn in many ways: rows of boxes with spans, and under which key each value stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tests.foreign import words
from tests.foreign.writing import Written

Key = tuple[str, str, str]
Cells = dict[Key, Written]


@dataclass(frozen=True, slots=True)
class Box:
    """A drawn cell. `note` is a raised footnote mark after the text."""

    text: str = ""
    rows: int = 1
    cols: int = 1
    head: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as drawn; `name` says how."""

    rows: tuple[tuple[Box, ...], ...]
    name: str

    @property
    def width(self) -> int:
        return sum(box.cols for box in self.rows[0])


def head(text: str, rows: int = 1, cols: int = 1) -> Box:
    return Box(text, rows, cols, head=True)


def value(written: Written) -> Box:
    return Box(written.text, note=written.note)


# ---------------------------------------------------------------- section three

ORDER = tuple(words.COLUMNS)
HEADERS = ("standard", "standard", "two_rows", "one_row", "total_first", "joined_names", "captioned", "turned", "numbered")


def requests(cells: Cells, random: Random, header: str = "") -> list[Drawn]:
    """Section 三 under one of eight headers, with one, two or three columns of labels."""
    header = header or random.choice(HEADERS)
    order = ("total", *ORDER[:-1]) if header == "total_first" else ORDER
    rows = list(dict.fromkeys(row for table, row, _ in cells if table == "requests"))
    names = {column: words.wording(words.COLUMNS[column], random) for column in ORDER}
    marks = words.Marks(random)
    chosen: dict[tuple[str, ...], str] = {}
    paths = {row: words.row_path(row, random, marks, chosen) for row in rows}
    if header == "turned":
        return [_turned(cells, rows, paths, names)]
    depth = random.choice((3, 3, 3, 1, 2))
    before = header == "numbered"
    after = random.choice(("", "", "", "备注"))
    unit = random.random() < 0.12
    body = _body(cells, rows, paths, order, depth, random)
    top = _top(header, order, names, depth, random)
    if before:
        top = [[head("序号", rows=len(top)), *top[0]], *top[1:]]
        body = [[Box(str(number)), *row] for number, row in enumerate(body, 1)]
    if unit:
        at = 2 if before else 1
        top = [[*top[0][:at], head("单位", rows=len(top)), *top[0][at:]], *top[1:]]
        body = [_with_unit(row) for row in body]
    if after:
        top = [[*top[0], head("备注", rows=len(top))], *top[1:]]
        body = [[*row, Box()] for row in body]
    if header == "captioned":
        width = sum(box.cols for box in top[0])
        top = [[head("收到和处理政府信息公开申请情况统计表", cols=width)], *top]
    return [Drawn(tuple(map(tuple, [*top, *body])), f"requests.{header}.{depth}")]


def _with_unit(row: list[Box]) -> list[Box]:
    at = next((place for place, box in enumerate(row) if not box.head and not (place == 0 and row[1].head)), len(row))
    return [*row[:at], Box("件"), *row[at:]]


def _top(header: str, order: tuple[str, ...], names: dict[str, str], depth: int, random: Random) -> list[list[Box]]:
    corner = random.choice(
        ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "", "项目", "指标名称", "办理情况")
    )
    if header in ("one_row", "joined_names"):
        joined = {
            column: f"法人或其他组织-{names[column]}"
            if 0 < ORDER.index(column) < 6 and header == "joined_names"
            else names[column]
            for column in ORDER
        }
        return [[head(corner, cols=depth), *(head(joined[column]) for column in order)]]
    singles = [column for column in order if column in ("natural_person", "total")]
    group = head("法人或其他组织", cols=5)
    if order[0] == "total":
        line = [head(names["total"], rows=2), head(names["natural_person"], rows=2), group]
    else:
        line = [head(names[singles[0]], rows=2), group, head(names[singles[1]], rows=2)]
    under = [head(names[column]) for column in order if column not in singles]
    if header == "two_rows":
        return [[head(corner, rows=2, cols=depth), *line], under]
    return [[head(corner, rows=3, cols=depth), head("申请人情况", cols=7)], line, under]


def _body(
    cells: Cells, rows: list[str], paths: dict[str, tuple[str, ...]], order: tuple[str, ...], depth: int, random: Random
) -> list[list[Box]]:
    if depth == 1:
        return _listed(cells, rows, paths, order, random)
    lines: list[list[Box]] = []
    open_groups: tuple[str, ...] = ()
    for row in rows:
        path = paths[row]
        if depth == 2 and len(path) > 1:
            path = (path[0], "".join(path[1:])) if len(path) < 3 else (path[1], path[2])
        boxes = []
        for level, label in enumerate(path[:-1]):
            if open_groups[: level + 1] != path[: level + 1]:
                span = _run(rows, paths, row, level, depth)
                boxes.append(head(label, rows=span))
        open_groups = path[:-1]
        boxes.append(head(path[-1], cols=depth - len(path) + 1))
        lines.append([*boxes, *(value(cells["requests", row, column]) for column in order)])
    return lines


def _run(rows: list[str], paths: dict[str, tuple[str, ...]], row: str, level: int, depth: int) -> int:
    """How many rows from `row` on stand under the same group at `level`."""

    def group(other: str) -> tuple[str, ...]:
        path = paths[other]
        if depth == 2 and len(path) > 1:
            path = (path[0], "".join(path[1:])) if len(path) < 3 else (path[1], path[2])
        return path[: level + 1] if len(path) > level + 1 else ()

    mine = group(row)
    count = 0
    for other in rows[rows.index(row) :]:
        if group(other) != mine:
            break
        count += 1
    return count


def _listed(
    cells: Cells, rows: list[str], paths: dict[str, tuple[str, ...]], order: tuple[str, ...], random: Random
) -> list[list[Box]]:
    """One column of labels: groups on rows of their own, over the whole width or with empty cells, or joined to the label."""
    style = random.choice(("wide", "empty", "joined"))
    lines: list[list[Box]] = []
    seen: tuple[str, ...] = ()
    for row in rows:
        path = paths[row]
        if style == "joined":
            label = path[-1] if len(path) < 3 else f"{path[1]}：{path[2]}"
        else:
            label = path[-1]
            for level, group in enumerate(path[:-1]):
                if seen[: level + 1] != path[: level + 1]:
                    rest = [head(group, cols=8)] if style == "wide" else [head(group), *(Box() for _ in order)]
                    lines.append(rest)
            seen = path[:-1]
        lines.append([head(label), *(value(cells["requests", row, column]) for column in order)])
    return lines


def _turned(cells: Cells, rows: list[str], paths: dict[str, tuple[str, ...]], names: dict[str, str]) -> Drawn:
    """Applicants down, results across."""
    lines = [[head("申请人"), *(head("".join(paths[row][1:]) or paths[row][0]) for row in rows)]]
    for column in ORDER:
        lines.append([head(names[column]), *(value(cells["requests", row, column]) for row in rows)])
    return Drawn(tuple(map(tuple, lines)), "requests.turned")


# ---------------------------------------------------------------- section two


def proactive(cells: Cells, random: Random, shape: str = "") -> list[Drawn]:
    """Section 二 as one stacked table, as a table for each article, or as a list of item, figure and number."""
    shape = shape or random.choice(("stacked", "stacked", "apart", "listed", "uniform"))
    fields = [field for table, field, _ in cells if table == "proactive"]
    rows = {name: words.wording(options, random) for name, options in words.PROACTIVE_ROWS.items()}
    content = random.choice(words.CONTENT)
    parts = []
    for first, members in (
        ("rules", ("rules", "normdocs")),
        ("licence", ("licence", "other_service")),
        ("penalty", ("penalty", "coercion")),
        ("fee", ("fee",)),
        ("procurement", ("procurement",)),
    ):
        of = {member: [field for field in fields if field.startswith(member + "_")] for member in members}
        of = {member: mine for member, mine in of.items() if mine}
        if of:
            parts.append((first, of))
    heads = {name: words.wording(options, random) for name, options in words.PROACTIVE_HEADS.items()}
    if shape == "listed":
        lines = [[head(content), head("指标"), head("数量")]]
        for _, of in parts:
            for member, mine in of.items():
                for place, field in enumerate(mine):
                    label = [head(rows[member], rows=len(mine))] if not place else []
                    lines.append([*label, head(heads[field[len(member) + 1 :]]), value(cells["proactive", field, ""])])
        return [Drawn(tuple(map(tuple, lines)), "proactive.listed")]
    tables = [_article(first, of, rows, heads, content, cells, random) for first, of in parts]
    if shape == "apart":
        return [Drawn(tuple(map(tuple, lines)), "proactive.apart") for lines in tables]
    width = 12
    lines = [stretched for table in tables for stretched in (_stretch(line, width) for line in table)]
    if shape == "uniform":
        lines = [_pad(line) for table in tables for line in table]
    return [Drawn(tuple(map(tuple, lines)), f"proactive.{shape}")]


def _article(
    first: str,
    of: dict[str, list[str]],
    rows: dict[str, str],
    heads: dict[str, str],
    content: str,
    cells: Cells,
    random: Random,
) -> list[list[Box]]:
    columns = [field[len(member) + 1 :] for member, mine in of.items() for field in mine]
    columns = list(dict.fromkeys(columns))
    lines = [
        [head(f"第二十条第（{words.ARTICLES[first]}）项", cols=len(columns) + 1)],
        [head(content), *(head(heads[column]) for column in columns)],
    ]
    for member in of:
        lines.append([head(rows[member]), *(value(cells["proactive", f"{member}_{column}", ""]) for column in columns)])
    return lines


def _stretch(line: list[Box], width: int) -> list[Box]:
    """The cells of a row widened evenly to a grid of `width` columns, as word processors do."""
    share, rest = divmod(width, len(line))
    return [replace(box, cols=share + (place < rest)) for place, box in enumerate(line)]


def _pad(line: list[Box]) -> list[Box]:
    """Four columns for all: short rows end with a wide last cell."""
    if len(line) == 1:
        return [replace(line[0], cols=4)]
    return [*line[:-1], replace(line[-1], cols=5 - len(line))]


# ---------------------------------------------------------------- section four


def remedies(cells: Cells, random: Random, shape: str = "") -> list[Drawn]:
    """Section 四: fifteen columns, three rows, five stacked rows, a list, or three tables."""
    shape = shape or random.choice(
        ("fifteen", "fifteen", "fifteen_flat", "three_rows", "five_rows", "listed", "three_tables", "stacked")
    )
    ways = {way: words.wording(options, random) for way, options in words.WAYS.items()}
    outcomes = {outcome: words.wording(options, random) for outcome, options in words.OUTCOMES.items()}

    def cell(way: str, outcome: str) -> Box:
        return value(cells["remedies", f"{way}_{outcome}", ""])

    if shape == "fifteen":
        lines = [
            [head(ways["review"], rows=2, cols=5), head("行政诉讼", cols=10)],
            [head(ways["suit_direct"], cols=5), head(ways["suit_after_review"], cols=5)],
            [head(outcomes[outcome]) for _ in ways for outcome in outcomes],
            [cell(way, outcome) for way in ways for outcome in outcomes],
        ]
    elif shape == "fifteen_flat":
        lines = [
            [head(ways[way] if way == "review" else f"行政诉讼（{ways[way]}）", cols=5) for way in ways],
            [head(outcomes[outcome]) for _ in ways for outcome in outcomes],
            [cell(way, outcome) for way in ways for outcome in outcomes],
        ]
    elif shape == "three_rows":
        lines = [
            [head("类别", cols=2), *(head(outcomes[outcome]) for outcome in outcomes)],
            [head(ways["review"], cols=2), *(cell("review", outcome) for outcome in outcomes)],
            [head("行政诉讼", rows=2), head(ways["suit_direct"]), *(cell("suit_direct", outcome) for outcome in outcomes)],
            [head(ways["suit_after_review"]), *(cell("suit_after_review", outcome) for outcome in outcomes)],
        ]
    elif shape == "five_rows":
        lines = [
            [head("结果", rows=2), head(ways["review"], rows=2), head("行政诉讼", cols=2)],
            [head(ways["suit_direct"]), head(ways["suit_after_review"])],
            *([head(outcomes[outcome]), *(cell(way, outcome) for way in ways)] for outcome in outcomes),
        ]
    elif shape == "listed":
        lines = [[head("类别"), head("审理结果"), head("数量（件）")]]
        for way, way_name in ways.items():
            for outcome, name in outcomes.items():
                group = [head(way_name if way == "review" else f"行政诉讼\n{way_name}", rows=5)] if outcome == "upheld" else []
                lines.append([*group, head(name), cell(way, outcome)])
    elif shape == "stacked":
        lines = []
        for way, way_name in ways.items():
            lines += [
                [head(way_name if way == "review" else f"行政诉讼—{way_name}", cols=5)],
                [head(outcomes[outcome]) for outcome in outcomes],
                [cell(way, outcome) for outcome in outcomes],
            ]
    else:
        return [
            Drawn(
                tuple(
                    map(
                        tuple,
                        (
                            (head(way_name if way == "review" else f"行政诉讼（{way_name}）", cols=5),),
                            tuple(head(outcomes[o]) for o in outcomes),
                            tuple(cell(way, outcome) for outcome in outcomes),
                        ),
                    )
                ),
                "remedies.three_tables",
            )
            for way, way_name in ways.items()
        ]
    return [Drawn(tuple(map(tuple, lines)), f"remedies.{shape}")]
