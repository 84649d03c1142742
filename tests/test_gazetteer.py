"""Divisions by name and year, townships, zones and government hosts."""

from __future__ import annotations

import pytest

from parsers import gazetteer


def codes(units: tuple[gazetteer.Division, ...]) -> list[str]:
    return [found.code for found in units]


def unit(code: str) -> gazetteer.Division:
    found = gazetteer.division(code)
    assert found is not None, code
    return found


def test_a_shared_name_returns_every_unit() -> None:
    assert codes(gazetteer.divisions_named("鼓楼区", 2020)) == ["320106", "320302", "350102", "410204"]
    assert len(gazetteer.townships_named("城关镇")) > 80


def counties(year: int) -> list[gazetteer.Division]:
    return [u for units in gazetteer.by_code().values() for u in units if u.level == "county" and u.covers(year)]


@pytest.mark.parametrize("year", range(2008, 2025))
def test_every_county_level_unit_in_force_is_found_by_name_and_year(year: int) -> None:
    assert len(counties(year)) > 2840
    assert not [u.name for u in counties(year) if u.code not in codes(gazetteer.divisions_named(u.name, year))]


def test_the_29_shared_names_return_all_their_66_units() -> None:
    named: dict[str, list[str]] = {}
    for found in counties(2024):
        named.setdefault(found.name, []).append(found.code)
    shared = {name: sorted(those) for name, those in named.items() if len(those) > 1}
    assert (len(shared), sum(map(len, shared.values()))) == (29, 66)
    assert {name: sorted(codes(gazetteer.divisions_named(name, 2024))) for name in shared} == shared


def test_a_name_is_looked_up_in_its_year_then_the_next_then_the_last() -> None:
    assert codes(gazetteer.divisions_named("九江县", 2014)) == ["360421"]
    assert codes(gazetteer.divisions_named("柴桑区", 2016)) == ["360404"]
    assert codes(gazetteer.divisions_named("九江县", 2017)) == ["360421"]
    assert gazetteer.divisions_named("柴桑区", 2010) == ()


@pytest.mark.parametrize(("code", "year", "name"), [
    ("341802", 2021, "宣州区"), ("540481", 2024, "米林市"), ("659012", 2023, "白杨市"), ("350404", 2022, "三元区"),
    ("460302", 2021, "西沙区"), ("420600", 2009, "襄樊市"), ("420600", 2015, "襄阳市"),
])
def test_a_code_has_the_name_of_its_year(code: str, year: int, name: str) -> None:
    found = gazetteer.division(code, year)
    assert found is not None and found.name == name


def test_levels_and_parents_follow_the_code() -> None:
    assert gazetteer.parents("140927") == ("140900", "140000")
    assert gazetteer.parents("419001") == ("410000",)
    assert gazetteer.parents("110101") == ("110000",)
    assert gazetteer.parents("441900119") == ("441900", "440000")
    assert [unit(code).level for code in ("140000", "140900", "140927")] == ["province", "prefecture", "county"]
    assert gazetteer.path("140927") == "山西省/忻州市/神池县"


def test_flags_say_what_the_code_does_not() -> None:
    flags = {code: unit(code).flags for code in ("500229", "419001", "440100", "441900", "659001")}
    assert flags == {"500229": ("municipality_district",), "419001": ("province_administered",), "440100": ("sub_provincial",),
                     "441900": ("without_counties",), "659001": ("province_administered", "bingtuan")}


def test_short_names_of_autonomous_units_are_known() -> None:
    assert codes(gazetteer.divisions_named("河口县", 2022)) == ["532532"]
    assert codes(gazetteer.divisions_named("恩施州", 2022)) == ["422800"]
    assert codes(gazetteer.divisions_of_stem("眉山", 2020)) == ["511400"]
    assert codes(gazetteer.divisions_named("木垒县", 2022)) == ["652328"]
    assert codes(gazetteer.divisions_named("管城区", 2022)) == ["410104"]
    assert codes(gazetteer.divisions_named("科右中旗", 2022)) == ["152222"]


def test_codes_of_the_past_lead_to_todays() -> None:
    assert gazetteer.current("360421") == "360404"
    assert gazetteer.current("371202") == "370116"
    assert gazetteer.current("140927") == "140927"
    assert gazetteer.current("999999") is None


def test_zones_are_known_by_long_and_short_names() -> None:
    long, short = gazetteer.zone("石家庄高新技术产业开发区"), gazetteer.zone("石家庄市高新区")
    assert long is not None and long == short
    special = gazetteer.zone("济源示范区")
    assert special is not None and (special.name, special.host, special.same) == ("济源产城融合示范区", "419001", True)


def test_hosts_name_their_place_or_several_or_none() -> None:
    assert [code for code, _ in gazetteer.host_divisions("www.shenchi.gov.cn")] == ["140927"]
    assert [code for code, _ in gazetteer.host_divisions("www.scanju.gov.cn")] == ["510904"]
    assert len(gazetteer.host_divisions("fushun.gov.cn")) > 1
    assert gazetteer.host_divisions("www.shenchi.com") == ()
    assert gazetteer.host_divisions("localhost:8080") == ()


def test_the_prefecture_has_the_plain_name_of_a_shared_host_label() -> None:
    worth = dict(gazetteer.host_divisions("www.ziyang.gov.cn"))
    assert worth["512000"] > worth["430902"] == worth["610924"]


def test_every_open_unit_has_its_parent_in_force() -> None:
    for units in gazetteer.by_code().values():
        last = units[-1]
        if last.until == gazetteer.OPEN and last.level != "province":
            assert gazetteer.division(last.parent) is not None, last


def test_the_units_in_force_are_about_as_many_as_the_state_counts() -> None:
    open_units = [u for units in gazetteer.by_code().values() for u in units if u.until == gazetteer.OPEN]
    counties = [u for u in open_units if u.level == "county"]
    assert 2830 <= len(counties) <= 2880
    assert 330 <= sum(u.level == "prefecture" for u in open_units) <= 345
    assert sum(u.level == "province" for u in open_units) == 34
