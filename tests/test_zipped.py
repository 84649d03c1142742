"""Members of a zip come out as the standard library unpacks them, or as one error."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.exceptions import Damaged, Encrypted, TooLarge
from parsers.zipped import Zipped

METHODS = st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))


def packed(*members: tuple[int, bytes], before: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    buffer.write(before)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number, (method, data) in enumerate(members):
            archive.writestr(f"{number}.xml", data, method)
    return buffer.getvalue()


@given(st.lists(st.tuples(METHODS, st.binary()), min_size=1, max_size=3), st.binary(max_size=9))
def test_members_are_what_the_standard_library_unpacks(members: list[tuple[int, bytes]], before: bytes) -> None:
    inside = Zipped(packed(*members, before=before))
    assert [inside.read(name) for name in inside.names] == [data for _, data in members]


@given(st.integers(0, 120), st.integers(1, 255), st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
@example(61, 1, zipfile.ZIP_DEFLATED)            # the flag of a password
def test_a_changed_byte_gives_the_true_member_or_one_error(place: int, change: int, method: int) -> None:
    true = "年度报告".encode() * 9
    data = bytearray(packed((method, true)))
    data[place] ^= change
    try:
        inside = Zipped(bytes(data))
        assert [inside.read(name) for name in inside.names] == [true]
    except (Damaged, Encrypted, TooLarge) as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_member_that_is_cut_off_is_damaged(method: int) -> None:
    data = packed((method, bytes(range(256))))
    cut = data[:60] + data[90:]
    with pytest.raises(Damaged):
        Zipped(cut).read("0.xml")
