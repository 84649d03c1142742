"""Invented figures that hold every sum of the form, the faults that break one, and the sums worked out anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from random import Random

from parsers.schema import load
from tests.generator.model import Key, Number

Figures = dict[Key, Number]
Keys = Callable[[Random], tuple[Key, ...]]
FORM = load("tables")
COLUMNS = [column["id"] for column in FORM["request_columns"]]
APPLICANTS = COLUMNS[:-1]
REMEDIES = ("review", "suit_direct", "suit_after_review")
OUTCOMES = ("upheld", "corrected", "other", "pending")
PROACTIVE_ROWS = ("rules", "normdocs", "licence", "other_service", "penalty", "coercion", "fee")
CHANNELS = ("in_person", "fax", "online", "letter")
ANSWERS = ("already_public", "granted", "partly", "refused", "not_this_body", "not_exist", "amend", "redirect")
REFUSALS = ("state_secret", "trade_secret", "privacy", "security", "not_gov_info", "other_law")


def request_rows(form: str) -> list[str]:
    """The row ids of section 三 that `form` prints, in order."""
    return [row["id"] for row in FORM["request_rows"] if form in row["versions"]]


def results(form: str) -> list[str]:
    """The rows that add up to （七）总计."""
    return request_rows(form)[2:-2]


def invent(form: str, random: Random, *, may_rule: bool, busy: int) -> Figures:
    """Figures of one body in one year. `may_rule`: whether it may issue 规章; `busy`: 0 gives zeros, 4 a large city."""
    if form == "f2014":
        return _stat2014(random, busy)
    return _proactive(form, random, may_rule, busy) | _requests(form, random, busy) | _remedies(random, busy)


def _count(random: Random, most: int) -> int:
    """Mostly small, often zero, as real counts are."""
    return 0 if most <= 0 or random.random() < 0.4 else int(most ** random.random())


def _proactive(form: str, random: Random, may_rule: bool, busy: int) -> Figures:
    most = 10 ** busy
    figures: dict[str, Number] = {}
    for row, allowed in (("rules", may_rule), ("normdocs", True)):
        made = _count(random, most // 40) if allowed else 0
        stock = made + _count(random, most) if allowed else 0
        names = ("issued", "repealed", "in_force") if form == "f2021" else ("made", "published", "public_total")
        second = _count(random, stock) if form == "f2021" else min(made, stock)
        figures |= {f"{row}_{name}": number for name, number in zip(names, (made, second, stock), strict=True)}
    rows = ["licence", "penalty", "coercion"] + (["other_service"] if form == "f2019" else [])
    for row in rows:
        figures[f"{row}_decisions"] = _count(random, most * 30)
        if form == "f2019":
            figures |= _items(row, random, most)
    if form == "f2021":
        figures["fee_amount_wan"] = Decimal(_count(random, most * 900)) / random.choice((1, 10, 100, 10000))
    else:
        figures |= _items("fee", random, most)
        projects = _count(random, most)
        figures |= {"procurement_projects": projects,
                    "procurement_amount": projects and 10_000 + projects * random.randrange(5_000, 90_000)}
    return _without_items({("proactive", name, ""): number for name, number in figures.items()})


def _without_items(figures: Figures) -> Figures:
    """A body without an item of power decides nothing."""
    for row in PROACTIVE_ROWS:
        before, change, decisions = (("proactive", f"{row}_{name}", "") for name in ("items_prev", "items_delta", "decisions"))
        if decisions in figures and before in figures and not figures[before] + figures[change]:
            figures[decisions] = 0
    return figures


def _items(row: str, random: Random, most: int) -> dict[str, Number]:
    before = _count(random, most)
    change = random.choice((0, 0, _count(random, 30), -_count(random, before)))
    return {f"{row}_items_prev": before, f"{row}_items_delta": change}


def _requests(form: str, random: Random, busy: int) -> Figures:
    figures: Figures = {}
    for column in APPLICANTS:
        most = 10 ** busy if column == "natural_person" else 10 ** (busy - 2) if busy > 1 and random.random() < 0.6 else 0
        for row in results(form):
            figures["requests", row, column] = _count(random, int(most))
        handled = sum(figures["requests", row, column] for row in results(form))
        after = _count(random, int(handled) // 5)
        before = min(_count(random, int(handled) // 5), handled + after)
        figures["requests", "total_handled", column] = handled
        figures["requests", "carried_out", column] = after
        figures["requests", "carried_in", column] = before
        figures["requests", "new_received", column] = handled + after - before
    for row in request_rows(form):
        figures["requests", row, "total"] = sum(figures["requests", row, column] for column in APPLICANTS)
    return figures


def _remedies(random: Random, busy: int) -> Figures:
    figures: Figures = {}
    for way in REMEDIES:
        parts = {f"{way}_{outcome}": _count(random, 10 ** max(busy - 1, 0)) for outcome in OUTCOMES}
        figures |= {("remedies", name, ""): number for name, number in (parts | {f"{way}_total": sum(parts.values())}).items()}
    return figures


def _stat2014(random: Random, busy: int) -> Figures:
    most = 10 ** busy
    figures: dict[str, Number] = {field["id"]: _count(random, most) for field in FORM["stat2014_fields"]}
    figures["s14_ans_refused"] = sum(figures[f"s14_ref_{name}"] for name in REFUSALS)
    figures["s14_answered"] = sum(figures[f"s14_ans_{name}"] for name in ANSWERS)
    figures["s14_received"] = sum(figures[f"s14_received_{name}"] for name in CHANNELS)
    figures["s14_completed"] = figures["s14_completed_on_time"] + figures["s14_completed_extended"]
    figures["s14_staff"] = figures["s14_staff_full"] + figures["s14_staff_part"]
    for way in ("review", "suit"):
        figures[f"s14_{way}"] = sum(figures[f"s14_{way}_{name}"] for name in ("upheld", "corrected", "other"))
    for part, whole in (("s14_press_conferences_head", "s14_press_conferences"), ("s14_interviews_head", "s14_interviews"),
                        ("s14_normdocs_published", "s14_published_total")):
        figures[part] = min(figures[part], figures[whole])
    for money in ("s14_fees_wan", "s14_budget_wan"):
        figures[money] = Decimal(int(figures[money])) / random.choice((1, 10, 100))
    return {("stat2014", name, ""): number for name, number in figures.items()}


def follow(figures: Figures, before: Mapping[Key, Number | None], form: str) -> Figures:
    """The same figures as the year after `before`: what was carried out then is carried in now, stocks roll on."""
    figures = dict(figures)
    for column in APPLICANTS:
        carried = before["requests", "carried_out", column] or 0
        missing = max(carried - figures["requests", "total_handled", column] - figures["requests", "carried_out", column], 0)
        for row in ("granted", "total_handled"):
            figures["requests", row, column] += missing
        figures["requests", "carried_in", column] = carried
        figures["requests", "new_received", column] = (
            figures["requests", "total_handled", column] + figures["requests", "carried_out", column] - carried)
    for row in request_rows(form):
        figures["requests", row, "total"] = sum(figures["requests", row, column] for column in APPLICANTS)
    _roll(figures, before)
    return _without_items(figures)


def _roll(figures: Figures, before: Mapping[Key, Number | None]) -> None:
    """Items and stocks of section 二 that this form and the one before both print."""
    for row in PROACTIVE_ROWS:
        stock, issued, repealed = (("proactive", f"{row}_{name}", "") for name in ("in_force", "issued", "repealed"))
        if stock in figures and stock in before:
            figures[repealed] = min(figures[repealed], (before[stock] or 0) + figures[issued])
            figures[stock] = (before[stock] or 0) + figures[issued] - figures[repealed]
        items, change = (("proactive", f"{row}_items_{name}", "") for name in ("prev", "delta"))
        if items in figures and items in before:
            figures[items] = (before[items] or 0) + (before[change] or 0)
            figures[change] = max(figures[change], -figures[items])


# ---------------------------------------------------------------- faults: one printed figure that breaks a sum

def _in(table: str, *fields: str) -> Keys:
    return lambda random: tuple((table, field, "") for field in fields)


FAULTS: Mapping[str, tuple[str, Keys]] = {
    "row_sum": ("f2019 f2021", lambda random: (("requests", "new_received", random.choice(APPLICANTS)),)),
    "results_sum": ("f2019 f2021", lambda random: (("requests", "total_handled", random.choice(COLUMNS)),)),
    "identity": ("f2019 f2021", lambda random: (("requests", "carried_out", random.choice(APPLICANTS)),
                                               ("requests", "carried_out", "total"))),
    "review_sum": ("f2019 f2021", _in("remedies", "review_total")),
    "suit_direct_sum": ("f2019 f2021", _in("remedies", "suit_direct_total")),
    "suit_after_sum": ("f2019 f2021", _in("remedies", "suit_after_review_corrected")),
    "channels": ("f2014", _in("stat2014", "s14_received_letter")),
    "completed": ("f2014", _in("stat2014", "s14_completed")),
    "answered": ("f2014", _in("stat2014", "s14_answered")),
    "refused": ("f2014", _in("stat2014", "s14_ref_privacy")),
    "review_suit": ("f2014", _in("stat2014", "s14_suit_upheld")),
    "staff": ("f2014", _in("stat2014", "s14_staff")),
}


def faults(form: str) -> list[str]:
    """The names of the faults that `form` can carry."""
    return [name for name, (forms, _) in FAULTS.items() if form in forms.split()]


def injure(figures: Figures, fault: str, random: Random) -> Figures:
    """The same figures with one of them wrong, or one and its row total, by the same amount."""
    keys = FAULTS[fault][1](random)
    amount = random.randrange(1, 9)
    return figures | {key: figures[key] + amount for key in keys}


# ---------------------------------------------------------------- the sums, from the printed values alone

def broken_rules(values: Mapping[Key, Number | None]) -> frozenset[str]:
    """The A-rules that the figures break when a cell without a number counts as zero."""
    return frozenset(rule for rule, left, right in _sums(values) if sum(left) != sum(right))


def _sums(values: Mapping[Key, Number | None]) -> Iterable[tuple[str, list[Number], list[Number]]]:
    def numbers(table: str, *cells: tuple[str, str]) -> list[Number]:
        return [values[table, row, column] or 0 for row, column in cells if (table, row, column) in values]

    def of(*names: str) -> list[Number]:
        return numbers("stat2014", *((f"s14_{name}", "") for name in names))

    rows = list(dict.fromkeys(row for table, row, _ in values if table == "requests"))
    for row in rows:
        yield "A01", numbers("requests", *((row, column) for column in APPLICANTS)), numbers("requests", (row, "total"))
    for column in COLUMNS if rows else ():
        parts = [row for row in rows if row not in ("new_received", "carried_in", "total_handled", "carried_out")]
        yield "A02", numbers("requests", *((row, column) for row in parts)), numbers("requests", ("total_handled", column))
        yield ("A03", numbers("requests", ("new_received", column), ("carried_in", column)),
               numbers("requests", ("total_handled", column), ("carried_out", column)))
    for rule, way in zip(("A04", "A05", "A06"), REMEDIES, strict=True):
        yield (rule, numbers("remedies", *((f"{way}_{outcome}", "") for outcome in OUTCOMES)),
               numbers("remedies", (f"{way}_total", "")))
    yield "A07", of(*(f"received_{name}" for name in CHANNELS)), of("received")
    yield "A08", of("completed_on_time", "completed_extended"), of("completed")
    yield "A09", of(*(f"ans_{name}" for name in ANSWERS)), of("answered")
    yield "A10", of(*(f"ref_{name}" for name in REFUSALS)), of("ans_refused")
    yield "A11", of("review_upheld", "review_corrected", "review_other"), of("review")
    yield "A11", of("suit_upheld", "suit_corrected", "suit_other"), of("suit")
    yield "A12", of("staff_full", "staff_part"), of("staff")
