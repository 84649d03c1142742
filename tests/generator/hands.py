"""The statutory tables as other offices draw them: heads of one to three lines, labels in one to three columns, section 四
in parts or as a list; merged cells, their repeats or blanks in their place; columns of the office's own.

`draw(truth, seed)` is the report with such tables as a web page. It shares the truth with `forms`, and no drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from tests.generator.figures import COLUMNS, FORM, OUTCOMES, REMEDIES, request_rows
from tests.generator.html import page, plain_line, plain_table
from tests.generator.model import Box, Line, Table, Truth

Rows = Sequence[Sequence[Box]]
NAMES: Mapping[str, tuple[str, ...]] = {
    "natural_person": ("自然人",), "company": ("商业企业", "商业\n企业"), "research_institute": ("科研机构", "科研机\n构"),
    "ngo": ("社会公益组织", "社会组织"), "legal_service": ("法律服务机构", "法律服\n务机构"),
    "other_org": ("其他", "其它"),
    "total": ("总计", "合计", "总 计"), "organisations": ("法人或其他组织", "法人和其他组织", "法人或者其他组织"),
    "upheld": ("结果维持", "结果\n维持", "维持结果"), "corrected": ("结果纠正", "结果\n纠正"),
    "other": ("其他结果", "其它结果"),
    "pending": ("尚未审结", "尚未\n审结"), "review": ("行政复议",), "suit": ("行政诉讼",),
    "suit_direct": ("未经复议直接起诉", "未经复议\n直接起诉"), "suit_after_review": ("复议后起诉", "经复议后起诉"),
    "refused": ("（三）不予公开", "（三）\n不予\n公开", "3.不予公开"), "unavailable": ("（四）无法提供", "(四)无法提供"),
    "rejected": ("（五）不予处理", "5.不予处理"), "other_group": ("（六）其他处理", "6.其他处理"),
    "results": ("三、本年度办理结果", "三、\n本\n年\n度\n办\n理\n结\n果", "三、本年办理结果"),
    "corner": ("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "项目", ""),
    "new_received": ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公开申请数量（件）"),
    "carried_in": ("二、上年结转政府信息公开申请数量", "二、上年度结转政府信息公开申请数量"),
    "granted": ("（一）予以公开", "1.予以公开"),
    "partly_granted": ("（二）部分公开\n（区分处理的，只计这一情形）", "（二）部分公开"),
    "refused_state_secret": ("1.属于国家秘密", "①属于国家秘密", "属于国家秘密"),
    "refused_third_party": ("4.保护第三方合法权利",),
    "refused_other_law": ("2.其他法律、行政法规禁止公开", "2.法律、行政法规禁止公开"),
    "refused_security_stability": ("3.危及“三安全、一稳定”", "3.危及‘三安全一稳定’"),
    "rejected_reconfirm": ("5.要求行政机关确认或重新出具已获取的信息",), "total_handled": ("（七）合计", "（七） 总 计"),
    "other_no_correction": ("1.申请人无正当理由逾期不补正",), "other_fee_unpaid": ("2.申请人逾期未按收费通知要求缴纳费用",),
    "carried_out": ("四、结转下年度继续办理", "四、结转到下年度继续办理"),
}
LABELS = {str(row["id"]): str(row["label"]).rsplit("/", 1)[-1] for row in FORM["request_rows"]}


def draw(truth: Truth, seed: int, style: str = "") -> str:
    """The page; `style` is a name of `DRAWINGS`, drawn when empty."""
    random = Random(seed)
    drawing = DRAWINGS[style or random.choice(sorted(DRAWINGS))]
    parts, done = [], set[str]()
    for part in truth.script:
        if isinstance(part, Line):
            parts.append(plain_line(part))
        elif part.part not in ("requests", "remedies"):
            parts.append(plain_table(part))
        elif part.part not in done:
            done.add(part.part)
            tables = [requests(truth, random)] if part.part == "requests" else remedies(truth, random)
            parts += [drawing(rows, random) for rows in tables]
    return page(truth, "\n".join(parts))


def requests(truth: Truth, random: Random) -> Rows:
    """Section 三 with a head of one, two or three lines and labels in one, two or three columns."""
    labels = random.choice((1, 2, 3))
    return [*random.choice(HEADS)(labels, random), *_body(truth, labels, random)]


def _name(name: str, random: Random) -> str:
    return random.choice(NAMES.get(name) or (LABELS[name],))


def _three_lines(labels: int, random: Random) -> Rows:
    first, last = _columns(random)
    return [[Box(_name("corner", random), 3, labels, True), Box("申请人情况", 1, 7, True)], first, last]


def _two_lines(labels: int, random: Random) -> Rows:
    first, last = _columns(random)
    return [[Box(_name("corner", random), 2, labels, True), *first], last]


def _note_above(labels: int, random: Random) -> Rows:
    first, last = _columns(random)
    return [[Box(NAMES["corner"][0], 1, labels + 7, True)], [Box("申请人情况", 2, labels, True), *first], last]


def _joined_names(labels: int, random: Random) -> Rows:
    whole = _name("organisations", random)
    names = [f"{whole}\n{_name(c, random)}" if c not in ("natural_person", "total") else _name(c, random) for c in COLUMNS]
    return [[Box(_name("corner", random), 1, labels, True), *(Box(name, head=True) for name in names)]]


def _plain_names(labels: int, random: Random) -> Rows:
    return [[Box(_name("corner", random), 1, labels, True), *(Box(_name(c, random), head=True) for c in COLUMNS)]]


HEADS = (_three_lines, _two_lines, _note_above, _joined_names, _plain_names)


def _columns(random: Random) -> tuple[list[Box], list[Box]]:
    first = [Box(_name("natural_person", random), 2, 1, True), Box(_name("organisations", random), 1, 5, True),
             Box(_name("total", random), 2, 1, True)]
    return first, [Box(_name(column, random), head=True) for column in COLUMNS[1:-1]]


def _body(truth: Truth, labels: int, random: Random) -> Iterator[list[Box]]:
    results = request_rows(truth.form)[2:-1]
    groups = {row["id"]: row["group"] for row in FORM["request_rows"]}
    for row in request_rows(truth.form):
        values = [Box(truth.cells["requests", row, column].raw) for column in COLUMNS]
        members = [name for name in results if groups[name] == groups[row]]
        grouped = groups[row] in ("refused", "unavailable", "rejected", "other") and row != "other_handled"
        group = _name("other_group" if groups[row] == "other" else str(groups[row]), random) if grouped else ""
        if row not in results:
            yield [Box(_name(row, random), 1, labels), *values]
        elif labels == 1:
            yield [Box(f"{group}{_name(row, random)}"), *values]
        else:
            if row == results[0] and labels == 2:
                yield [Box(_name("results", random), 1, 9)]
            lead = [Box(_name("results", random), len(results))] if row == results[0] and labels == 3 else []
            above = [Box(group, len(members))] if grouped and row == members[0] else []
            yield [*lead, *above, Box(_name(row, random), 1, 1 if grouped else 2), *values]


def remedies(truth: Truth, random: Random) -> list[Rows]:
    """Section 四 as one table, in parts, one group a row, one result a row, or one figure a row."""
    figures = {(way, outcome): Box(truth.cells["remedies", f"{way}_{outcome}", ""].raw)
               for way in REMEDIES for outcome in (*OUTCOMES, "total")}
    return random.choice(REMEDY_DRAWINGS)(figures, random)


Figures = Mapping[tuple[str, str], Box]
RESULTS = (*OUTCOMES, "total")


def _in_two(figures: Figures, random: Random) -> list[Rows]:
    return [_of_group(figures, "review", random), [
        [Box("行政诉讼", 1, 10, True)], [Box(_name(way, random), 1, 5, True) for way in REMEDIES[1:]],
        [Box(_name(result, random), head=True) for _ in REMEDIES[1:] for result in RESULTS],
        [figures[way, result] for way in REMEDIES[1:] for result in RESULTS]]]


def _in_three(figures: Figures, random: Random) -> list[Rows]:
    return [_of_group(figures, way, random) for way in REMEDIES]


def _of_group(figures: Figures, way: str, random: Random) -> Rows:
    return [[Box(_name(way, random), 1, 5, True)], [Box(_name(result, random), head=True) for result in RESULTS],
            [figures[way, result] for result in RESULTS]]


def _joined(figures: Figures, random: Random) -> list[Rows]:
    return [[[Box(_name(way, random) + _name(result, random), head=True) for way in REMEDIES for result in RESULTS],
             [figures[way, result] for way in REMEDIES for result in RESULTS]]]


def _group_a_row(figures: Figures, random: Random) -> list[Rows]:
    return [[[Box("", head=True), *(Box(_name(result, random), head=True) for result in RESULTS)],
             *([Box("行政诉讼\n" * (way != "review") + _name(way, random)), *(figures[way, result] for result in RESULTS)]
               for way in REMEDIES)]]


def _result_a_row(figures: Figures, random: Random) -> list[Rows]:
    return [[[Box("办理结果", 2, 1, True), Box("行政复议", 2, 1, True), Box("行政诉讼", 1, 2, True)],
             [Box(_name(way, random), head=True) for way in REMEDIES[1:]],
             *([Box(_name(result, random)), *(figures[way, result] for way in REMEDIES)] for result in RESULTS)]]


def _figure_a_row(figures: Figures, random: Random) -> list[Rows]:
    return [[[*([Box(_name(way, random), 5)] if result == RESULTS[0] else []), Box(_name(result, random)), figures[way, result]]
             for way in REMEDIES for result in RESULTS]]


def _named_row(figures: Figures, random: Random) -> list[Rows]:
    return [[[Box("类别", 2, 1, True), *(Box(_name(way, random), 1, 5, True) for way in REMEDIES)],
             [Box(_name(result, random), head=True) for _ in REMEDIES for result in RESULTS],
             [Box("合 计"), *(figures[way, result] for way in REMEDIES for result in RESULTS)]]]


REMEDY_DRAWINGS = (_in_two, _in_three, _joined, _group_a_row, _result_a_row, _figure_a_row, _named_row)


# ---------------------------------------------------------------- how merged cells and columns of the office's own are drawn


def _spans(rows: Rows, random: Random) -> str:
    return plain_table(Table(tuple(map(tuple, rows)), ""))


def _repeats(rows: Rows, random: Random) -> str:
    """What a span covers is printed again in every place."""
    return _spans([[replace(box, rows=1, columns=1) for box, _ in row] for row in places(rows)], random)


def _blanks(rows: Rows, random: Random) -> str:
    """What a span covers are empty cells."""
    return _spans([[Box(box.text if first else "", head=box.head) for box, first in row] for row in places(rows)], random)


def _phantoms(rows: Rows, random: Random) -> str:
    """Every cell over two columns, some rows with a cell too many."""
    return _spans([[*(replace(box, columns=2 * box.columns) for box in row), *([Box("")] if at % 3 == 0 else [])]
                   for at, row in enumerate(rows)], random)


def _numbered(rows: Rows, random: Random) -> str:
    """A column 序号 in front."""
    head = _head(rows)
    lead = [[Box("序号", head, 1, True)], *([] for _ in rows[1:head]), *([Box(str(n + 1))] for n in range(len(rows) - head))]
    return _spans([[*front, *row] for front, row in zip(lead, rows, strict=True)], random) if head else _spans(rows, random)


def _remarked(rows: Rows, random: Random) -> str:
    """A column 备注 at the end, with words here and there."""
    head = _head(rows)
    ends = [[Box("备注", head, 1, True)], *([] for _ in rows[1:head]),
            *([Box(random.choice(("", "", "含网上申请")))] for _ in rows[head:])]
    return _spans([[*row, *end] for row, end in zip(rows, ends, strict=True)], random) if head else _spans(rows, random)


def _in_halves(rows: Rows, random: Random) -> str:
    """Cut into two tables, merged cells as empty ones."""
    head, drawn = _head(rows), [[Box(box.text if first else "") for box, first in row] for row in places(rows)]
    if len(rows) - head < 3:
        return _spans(rows, random)
    cut = random.randrange(head + 1, len(rows) - 1)
    return _spans(drawn[:cut], random) + _spans(drawn[cut:], random)


DRAWINGS: Mapping[str, Callable[[Rows, Random], str]] = {
    "spans": _spans, "repeats": _repeats, "blanks": _blanks, "phantoms": _phantoms, "numbered": _numbered,
    "remarked": _remarked, "halves": _in_halves}


def _head(rows: Rows) -> int:
    return sum(any(box.head for box in row) for row in rows)


def places(rows: Rows) -> list[list[tuple[Box, bool]]]:
    """Every row as (box, whether it begins there) over all its places."""
    taken: dict[tuple[int, int], tuple[Box, bool]] = {}
    for at, row in enumerate(rows):
        column = 0
        for box in row:
            while (at, column) in taken:
                column += 1
            for down, over in _area(box):
                taken[at + down, column + over] = (box, down == over == 0)
    width = max(column for _, column in taken) + 1
    return [[taken[at, column] for column in range(width) if (at, column) in taken] for at in range(len(rows))]


def _area(box: Box) -> Iterable[tuple[int, int]]:
    return ((down, over) for down in range(box.rows) for over in range(box.columns))
