"""`make(seed)`: one invented report with its truth. The same seed and wishes always give the same report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from tests.generator import forms, wording
from tests.generator.figures import broken_rules, faults, follow, injure, invent
from tests.generator.model import Expected, Key, Line, Table, Truth
from tests.generator.printing import Hand, pick_hand, print_cell

YEARS = {"f2014": (2014, 2018), "f2019": (2019, 2020), "f2021": (2021, 2024)}
BUSY = {"county": (0, 1, 1, 2), "prefecture": (1, 2, 3, 4), "province": (2, 3, 4)}
QUIRKS = ("headings", "decoys", "missing-section", "two-line-title", "no-title", "signature", "numbers")


def make(seed: int, *, form: str = "", fault: str | None = None, solid: bool = False, plain: bool = False,
         agency: str = "", place: wording.Place | None = None, year: int = 0, before: Truth | None = None) -> Truth:
    """A report drawn from `seed`.

    `form` one of f2014, f2019, f2021 (drawn when empty); `fault` a name of `figures.FAULTS`, "" for none, None to draw;
    `solid` leaves no cell blank; `plain` has no quirks of wording or printing; `agency`, `place`, `year` fix who and when;
    `before` is the same body's report of the year before, whose figures this one goes on from.
    """
    random = Random(seed)
    form = form or random.choice(("f2014", "f2019", "f2019", "f2021", "f2021", "f2021"))
    year = year or random.randint(*YEARS[form])
    place = place or random.choice(wording.PLACES)
    name, may_rule = wording.body(place, random, year)
    figures = invent(form, random, may_rule=may_rule and not agency, busy=random.choice(BUSY[place[4]]))
    if before:
        figures = follow(figures, {key: cell.value for key, cell in before.cells.items()}, form)
    drawn = random.choice(faults(form)) if random.random() < 0.25 else ""
    wrong = drawn if fault is None else fault
    if wrong:
        figures = injure(figures, wrong, Random(seed))
    hand = Hand() if plain else pick_hand(random, solid=solid)
    cells = {key: print_cell(key, number, hand, random) for key, number in figures.items()}
    labels = forms.spell(random, year, odd=not plain and random.random() < 0.4)
    quirks = set() if plain or random.random() < 0.3 else set(random.sample(QUIRKS, random.randrange(1, 4)))
    writer = _Writer(random, agency or name, year, form, frozenset(quirks))
    script = tuple(writer.lines(_tables(form, cells, labels)))
    shown = {key: cell for key, cell in cells.items() if key[0] != writer.missing}
    return Truth(
        seed=seed, agency=agency or name, division_code=place[0], level=place[4], year=year, form=form,
        title="".join(line.text for line in script if isinstance(line, Line) and line.role == "title"),
        cells=shown, sections=tuple(writer.sections), script=script,
        failures=broken_rules({key: cell.value for key, cell in shown.items()}),
        quirks=hand.quirks | quirks | ({"labels"} if labels else set()) | ({wrong} if wrong else set()),
    )


def _tables(form: str, cells: Mapping[Key, Expected], labels: forms.Labels) -> dict[str, list[Table]]:
    """The tables by the section that prints them."""
    if form == "f2014":
        return {"annex": [forms.stat2014(cells)]}
    return {"proactive": forms.proactive(form, cells, labels), "requests": [forms.requests(form, cells, labels)],
            "remedies": [forms.remedies(cells, labels)]}


class _Writer:
    """Writes one report from top to bottom and remembers the headings it printed."""

    def __init__(self, random: Random, agency: str, year: int, form: str, quirks: frozenset[str]) -> None:
        self.random, self.agency, self.year, self.form, self.quirks = random, agency, year, form, quirks
        self.sections: list[tuple[str, str]] = []
        leave_out = "missing-section" in quirks and form != "f2014"
        self.missing = random.choice(("remedies", "other")) if leave_out else ""

    def lines(self, tables: Mapping[str, list[Table]]) -> Iterator[Line | Table]:
        yield from self._title()
        yield Line(self._fill(self.random.choice(wording.PREAMBLES)) + self._fill(self.random.choice(wording.PERIODS)))
        for rank, (section, heading) in enumerate(self._outline()):
            number = f"{rank + 1}、" if "numbers" in self.quirks else f"{wording.NUMERALS[rank]}、"
            self.sections.append((section, number + heading))
            yield Line(number + heading, "heading", number)
            yield from self._section(section)
            yield from tables.get(section, ())
        if "signature" in self.quirks:
            yield Line(self.agency, "signature")
            yield Line(f"{self.year + 1}年1月{self.random.randrange(5, 29)}日", "signature")
        if self.form == "f2014":
            yield Line("附：政府信息公开情况统计表")
            yield Line(f"填报单位（盖章）：{self.agency}")
            yield from tables["annex"]

    def _fill(self, text: str) -> str:
        return text.format(agency=self.agency, year=self.year, n=self.random.randrange(20, 900), m=self.random.randrange(1, 6))

    def _title(self) -> Iterator[Line]:
        if "no-title" in self.quirks:
            return
        template = self.random.choice(wording.TITLES)
        if "two-line-title" in self.quirks and template.startswith("{agency}"):
            yield Line(self.agency, "title")
            template = template.removeprefix("{agency}")
        yield Line(self._fill(template), "title")

    def _outline(self) -> list[tuple[str, str]]:
        if self.form == "f2014":
            return list(wording.OLD_HEADINGS)
        rank = self.random.randrange(3) if "headings" in self.quirks else 0
        return [(section, spellings[rank]) for section, spellings in wording.HEADINGS.items() if section != self.missing]

    def _section(self, section: str) -> Iterator[Line]:
        if self.form == "f2014":
            yield Line(wording.OLD_TEXTS[section])
        elif section == "overview":
            yield from self._overview()
        elif section == "problems":
            yield Line(self.random.choice(wording.PROBLEMS) + self.random.choice(wording.IMPROVEMENTS))
        elif section == "other":
            yield Line(self.random.choice(wording.OTHERS))

    def _overview(self) -> Iterator[Line]:
        decoys = dict(enumerate(self.random.sample(wording.DECOYS, 2))) if "decoys" in self.quirks else {}
        for rank, (topic, text) in enumerate(wording.TOPICS):
            if rank in decoys:
                yield Line(decoys[rank], "subheading")
            yield Line(f"{topic}，{self._fill(text)}")
