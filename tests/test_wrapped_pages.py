"""Pages that come wrapped: web archives, letters, unmarked UTF-16, cut off or mistaken for what they are not."""

from __future__ import annotations

import base64
import quopri

import pytest

from parsers import Hints, parse
from tests.foreign import html, plain, word
from tests.foreign.judge import score
from tests.foreign.report import invent

MADE = invent(700, plain=True)
PAGE = html.page(MADE, "word_paste")


def letter(*parts: tuple[str, bytes], kind: str = "related") -> bytes:
    """A MIME message of parts, each with its headers."""
    lines = [f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="B"\r\n\r\n'.encode()]
    lines += [f"--B\r\n{head}\r\n\r\n".encode() + body + b"\r\n" for head, body in parts]
    return b"".join(lines) + b"--B--\r\n"


QUOTED = ("Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable", quopri.encodestring(PAGE))
GBK = PAGE.decode().replace("utf-8", "gb2312").encode("gb18030")
CODED = ('Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64', base64.encodebytes(GBK))
FRAMES = ("Content-Type: text/html", b"<html><frameset><frame src='a'></frameset></html>")
COVER = ("Content-Type: text/plain; charset=utf-8", "见附件。".encode())
DOCX = ('Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; '
        'filename="a.docx"', base64.encodebytes(word.file(MADE, "plain")))


@pytest.mark.parametrize("data", [
    letter(QUOTED), letter(CODED), letter(FRAMES, QUOTED), letter(COVER, DOCX, kind="mixed"),
    plain.text(MADE, "bars").decode().encode("utf-16-le"), plain.text(MADE, "bars").decode().encode("utf-16-be"),
    ("\ufeff" + PAGE.decode()).encode("utf-16-le")])
def test_a_wrapped_report_is_read_whole(data: bytes) -> None:
    assert score(MADE, parse(data).to_json()).notes == []


@pytest.mark.parametrize("share", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
def test_a_web_archive_that_is_cut_off_says_so_and_nothing_false(share: float) -> None:
    whole = letter(QUOTED)
    report = parse(whole[:int(len(whole) * share)])
    assert "truncated" in [issue.kind for issue in report.issues]
    assert score(MADE, report.to_json()).lies == 0


@pytest.mark.parametrize("data", [b'{"code":404,"msg":"not found"}', "文件不存在".encode(), b"<h1>404 Not Found</h1>"])
def test_an_error_saved_under_the_name_of_a_file_is_named(data: bytes) -> None:
    report = parse(data, Hints(url="http://x.gov.cn/a.docx"))
    assert "page-not-file" in [issue.kind for issue in report.issues]
