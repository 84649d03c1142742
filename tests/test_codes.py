"""Check characters of the codes that name bodies."""

from __future__ import annotations

import pytest

from parsers import codes


@pytest.mark.parametrize("code", ["11370881004339693X", "113708830043262784", "113708316693161035", "11370800004312490W"])
def test_a_social_credit_code_checks(code: str) -> None:
    assert codes.is_uscc(code)
    assert codes.is_organisation_code(code[8:17])


@pytest.mark.parametrize("code", ["11370881004339693Y", "1137088100433969", "11370881004339693I", ""])
def test_a_wrong_social_credit_code_does_not(code: str) -> None:
    assert not codes.is_uscc(code)


def test_organisation_codes_check_and_division_serials_do_not() -> None:
    assert all(map(codes.is_organisation_code, ("014416330", "002668733", "000014349")))
    assert not codes.is_organisation_code("620702074")


def test_both_codes_of_one_body_share_nine_characters() -> None:
    assert codes.organisation_code("11370881004339693X") == codes.organisation_code("00433969-3")


def test_codes_are_found_in_index_numbers_and_addresses() -> None:
    found = codes.codes_in("索引号 014416330/2018-04736 area=11370881004339693X&fbtime=2012")
    assert found == ("11370881004339693X", "014416330")
    assert codes.codes_in("电话 12345678901") == ()


def test_a_site_code_tells_its_division_or_ministry() -> None:
    local, central, corps = (codes.site_code(code) for code in ("1304000009", "bm29030010", "65BM010039"))
    assert local is not None and (local.division, local.ministry) == ("130400", "")
    assert central is not None and (central.division, central.ministry) == ("", "bm2903")
    assert corps is not None and corps.division == "650000"
    assert codes.site_code("本网") is None
