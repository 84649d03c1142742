"""Administrative divisions by year (GB/T 2260), townships, zones, and what a government host's name says of its place.

Everything loads on first use. A name alone often means several units (鼓楼区, 城关镇): lookups return all of them and
never choose. Data and their sources: `build.py`.
"""

from __future__ import annotations

import lzma
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OPEN = 9999                                           # the `until` of a unit still in force
MUNICIPALITIES = ("11", "12", "31", "50")
SUB_PROVINCIAL = frozenset(("210100", "210200", "220100", "230100", "320100", "330100", "330200", "350200", "370100", "370200",
                            "420100", "440100", "440300", "510100", "610100"))
WITHOUT_COUNTIES = frozenset(("441900", "442000", "460400", "620200"))
CLASS_PINYIN = {"市": "shi", "县": "xian", "区": "qu", "州": "zhou", "旗": "qi", "盟": "meng", "省": "sheng"}


@dataclass(frozen=True, slots=True)
class Division:
    """One unit under one name. `since` and `until` are the first and last year in force; `successors` its later codes."""

    code: str
    name: str
    since: int
    until: int
    pinyin: str
    successors: tuple[str, ...]

    @property
    def level(self) -> str:
        """province, prefecture or county, as the code says."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"

    @property
    def parent(self) -> str:
        """The code of the unit above; "" for a province. Municipalities and 省直辖 units have no prefecture."""
        if self.level == "province":
            return ""
        prefecture = self.code[:4] + "00"
        return prefecture if self.level == "county" and prefecture in by_code() else self.code[:2] + "0000"

    @property
    def stem(self) -> str:
        """The name without its class and peoples: 河口瑶族自治县 → 河口."""
        return _stem(self.name, len(self.pinyin.split()))

    @property
    def flags(self) -> tuple[str, ...]:
        """What a code does not say by itself."""
        county = self.level == "county"
        return tuple(flag for flag, true in (
            ("municipality_district", county and self.code[:2] in MUNICIPALITIES),
            ("sub_provincial", self.code in SUB_PROVINCIAL),
            ("province_administered", county and self.code[2:4] == "90"),
            ("without_counties", self.code in WITHOUT_COUNTIES),
            ("bingtuan", self.code.startswith("6590") and county),
        ) if true)

    def covers(self, year: int) -> bool:
        return self.since <= year <= self.until


@dataclass(frozen=True, slots=True)
class Zone:
    """A development zone, new area or the like: no GB division. `host` is the division that contains it;
    `same` when it is run as one with its host; `code` the statistical code or ""."""

    name: str
    code: str
    host: str
    level: str
    same: bool


def division(code: str, year: int | None = None) -> Division | None:
    """The unit of a code in a year (or the year after or before), else its latest; None for an unknown code."""
    found = by_code().get(code, ())
    return (_in_force(found, year) or found or (None,))[-1]


def divisions_named(name: str, year: int | None = None) -> tuple[Division, ...]:
    """Every unit of that name: in force in the year, else the year after (a late report), else the year before.

    Accepts the official name and the short one of autonomous units (河口县). Without a year: every unit since 2000.
    """
    return _in_force(by_name().get(name, ()), year)


def divisions_of_stem(stem: str, year: int | None = None) -> tuple[Division, ...]:
    """Every unit whose name without its class is `stem` (眉山 → 眉山市)."""
    return _in_force(by_stem().get(stem, ()), year)


def parents(code: str) -> tuple[str, ...]:
    """The codes above a division or township, nearest first: 140927 → 140900, 140000."""
    above = code[:6] if len(code) > 6 else getattr(division(code), "parent", "")
    return (above, *parents(above)) if above else ()


def within(code: str, above: str) -> bool:
    """Whether a division, township or zone lies in another, or is it."""
    return code == above or above in parents(code)


def path(code: str) -> str:
    """The full path of a division for people: 山西省/忻州市/神池县."""
    units = [division(c) for c in reversed((code, *parents(code)))]
    return "/".join(unit.name for unit in units if unit)


def current(code: str, name: str = "") -> str | None:
    """The code in force today: the code itself, its single successor, or None where it was split or is unknown."""
    for _ in range(5):
        units = by_code().get(code)
        if not units or units[-1].until == OPEN:
            return code if units else None
        if len(units[-1].successors) != 1 or units[-1].successors[0] == code:
            return None
        code = units[-1].successors[0]
    return None


def townships_named(name: str) -> tuple[str, ...]:
    """Nine-digit codes of every township of that name (街道 without 办事处); many share one name."""
    return tuple(_townships().get(name, "").split())


def is_township(name: str) -> bool:
    """Whether any township has that name."""
    return name in _townships()


def zone(name: str) -> Zone | None:
    """The registered zone of that name, in any usual short or long form."""
    return _zones().get(zone_key(name))


def zone_key(name: str) -> str:
    """How zone names are compared: 石家庄市高新技术产业开发区 = 石家庄高新区."""
    name = name.removeprefix("新疆生产建设兵团") or name
    for long, short in _ZONE_SHORT:
        name = name.replace(long, short)
    return re.sub(r"(?<=..)[省市](?=.)", "", name)


def host_divisions(host: str) -> tuple[tuple[str, float], ...]:
    """Places a government host's name may stand for, with how much each is worth (0–1); () for any other host.

    Curated hosts first, then full pinyin (www.shenchi.gov.cn), then initials after those of a parent (scanju, pthj).
    A code may be the name of a zone. Names shared by several places return all of them: the caller needs the text.
    """
    labels = host.lower().split(":")[0].split(".")
    if labels[-2:] != ["gov", "cn"] or len(labels) < 3:
        return ()
    label = labels[-3].replace("-", "")
    curated = _hosts()
    if label in curated:
        return ((curated[label], 0.9),)
    for index, weight in zip(_host_labels(), (0.85, 0.6), strict=True):
        if label in index:
            return tuple(_by_rank(sorted(index[label]), weight))
    return ()


def _by_rank(codes: Sequence[str], weight: float) -> Iterator[tuple[str, float]]:
    """Among places of one pinyin the prefecture has the plain name (ziyang is 资阳市, not 紫阳县), as a rule."""
    higher = [code for code in codes if code.endswith("00")]
    for code in codes:
        yield code, weight if len(higher) != 1 or code == higher[0] else weight * 0.6


def provinces_in_path(address: str) -> tuple[str, ...]:
    """Provinces that stand in an address's path as a folder of their own (/xinjiang/c113421/)."""
    return tuple(code for folder in address.lower().split("/") if len(folder) > 2 and (code := _hosts().get(folder)))


# ---------------------------------------------------------------- the data


@cache
def by_code() -> dict[str, tuple[Division, ...]]:
    """All units by code, oldest name first."""
    return _grouped((unit.code, unit) for unit in _divisions())


@cache
def by_name() -> dict[str, tuple[Division, ...]]:
    """All units by official name and by the short name of autonomous ones."""
    pairs = [(unit.name, unit) for unit in _divisions()]
    pairs += [(short, unit) for unit in _divisions() for short in _short_names(unit) if short != unit.name]
    curated = (line.split("\t") for line in _read("curated/short.tsv")[1:])
    pairs += [(short, unit) for short, code in curated for unit in by_code().get(code, ())]
    return _grouped(pairs)


@cache
def by_stem() -> dict[str, tuple[Division, ...]]:
    """All units by stem of two characters or more."""
    return _grouped((unit.stem, unit) for unit in _divisions() if len(unit.stem) > 1)


@cache
def traditional() -> dict[int, int]:
    """Traditional → simplified characters, for `str.translate`."""
    old, new = _read("traditional.tsv")
    return str.maketrans(old, new)


@cache
def _divisions() -> tuple[Division, ...]:
    units = []
    for line in _read("divisions.tsv")[1:]:
        code, name, since, until, pinyin, later = line.split("\t")
        units.append(Division(code, name, int(since or 0), int(until or OPEN), pinyin, tuple(later.split())))
    return tuple(sorted(units, key=lambda unit: (unit.code, unit.until)))


@cache
def _townships() -> dict[str, str]:
    text = lzma.decompress(files(__name__).joinpath("townships.tsv.xz").read_bytes()).decode()
    return dict(line.split("\t") for line in text.split("\n") if line)


@cache
def _zones() -> dict[str, Zone]:
    found = {}
    for line in _read("zones.tsv")[1:]:
        name, code, host, level, same, aliases = line.split("\t")
        unit = Zone(name, code, host, level, bool(same))
        for known in (name, *filter(None, aliases.split(","))):
            found[zone_key(known)] = unit
    return found


@cache
def _hosts() -> dict[str, str]:
    return dict(line.split("\t") for line in _read("curated/hosts.tsv")[1:])


@cache
def _host_labels() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Host labels by full pinyin and by initials, of units still in force."""
    full: dict[str, set[str]] = defaultdict(set)
    short: dict[str, set[str]] = defaultdict(set)
    units = [unit for unit in _divisions() if unit.until == OPEN and unit.pinyin]
    initials = {unit.code: "".join(s[0] for s in unit.pinyin.split()) for unit in units}
    provinces = {code: label for label, code in _hosts().items()}
    for unit in units:
        word, letters, ending = unit.pinyin.replace(" ", ""), initials[unit.code], CLASS_PINYIN.get(unit.name[-1], "")
        above = (unit.code[:4] + "00", unit.code[:2] + "0000")
        fronts = {initials.get(code, "") for code in above} | {provinces.get(code, "") for code in above}
        for front in {"", *fronts} - ({initials[unit.code]} if unit.level != "county" else set()):
            for key in (front + word, front + word + ending):
                full[key].add(unit.code)
            if len(front + letters) > 2 and len(letters) > 1:
                short[front + letters].add(unit.code)
                short[front + letters + ending[:1]].add(unit.code)
        if len(letters) > 1:
            short[letters + ending[:1]].add(unit.code)
    return full, short


_ZONE_SHORT = (("高新技术产业开发区", "高新区"), ("高新技术开发区", "高新区"), ("经济技术开发区", "经开区"),
               ("经济开发区", "经开区"))


def _grouped(pairs: Iterable[tuple[str, Division]]) -> dict[str, tuple[Division, ...]]:
    table: dict[str, list[Division]] = defaultdict(list)
    for key, unit in pairs:
        table[key].append(unit)
    return {key: tuple(units) for key, units in table.items()}


def _in_force(units: tuple[Division, ...], year: int | None) -> tuple[Division, ...]:
    if year is None:
        return units
    for near in (year, year + 1, year - 1):
        if found := tuple(unit for unit in units if unit.covers(near)):
            return found
    return ()


def _short_names(unit: Division) -> tuple[str, ...]:
    """河口瑶族自治县 → 河口县; 恩施土家族苗族自治州 → 恩施州; 广西壮族自治区 → 广西自治区; 管城回族区 → 管城区."""
    ending = unit.name[-1]
    if len(unit.stem) < 2 or ("自治" not in unit.name and not unit.name.endswith("族" + ending)):
        return ()
    if "自治" not in unit.name:
        return (unit.stem + ending,)
    return (unit.stem + "自治" + ending, unit.stem + ending) if ending != "区" else (unit.stem + "自治区",)


def _stem(name: str, size: int) -> str:
    return name[:size]


def _read(name: str) -> list[str]:
    return files(__name__).joinpath(*name.split("/")).read_text(encoding="utf-8").splitlines()
