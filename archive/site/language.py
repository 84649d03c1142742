"""Chinese first, English by a switch: templates say `t("中文")`; english.json holds the other side of every phrase."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import BaseLoader, Environment, pass_context

from archive.dictionary import TABLES
from archive.site.phrases import DESCRIBED, in_chinese

#: what Datasette's own templates leave unsaid to those who do not see the page: a language, a main part, names of fields
_REPAIRS = (
    (r"<html( lang=\"en\")?>", '<html lang="{{ lang() }}">'),
    (r'<section class="content">', '<section class="content" role="main" id="main" tabindex="-1">'),
    (r'(?s)<footer class="ft">(.*?)</footer>', r'<div class="ft">\1</div>'),
    (r'name="_filter_column', 'aria-label="{{ t("列") }}" name="_filter_column'),
    (r'name="_filter_op', 'aria-label="{{ t("比较") }}" name="_filter_op'),
    (r'name="_filter_value', 'aria-label="{{ t("值") }}" name="_filter_value'),
    (r'name="_sort" id', 'aria-label="{{ t("排序") }}" name="_sort" id'),
    (r"row\{% if [\w.]+ == 1 %\}\{% else %\}s\{% endif %\}", "{{ t('行记录') }}"),
    (r"(\{\{ table.name \}\}</a>)", r"\1 <small>{{ titled(table.name) }}</small>"),
    (r"\{\{ human_description_en \}\}", "{{ described(human_description_en) }}"),
    (r"(?s)(var editor = CodeMirror.fromTextArea\(.*?\}\);)", r'\1 editor.getInputField().setAttribute("aria-label", "SQL");'),
)

_MARKS = '> <="{'         # around a phrase of Datasette's templates, to find it by

COOKIE = "nianbao_language"
LANGUAGES = {"zh": "zh-CN", "en": "en"}


@cache
def english() -> Mapping[str, str]:
    """Chinese phrase → English."""
    phrases: dict[str, str] = json.loads(files("archive.site").joinpath("english.json").read_text("utf-8"))
    return {chinese: phrase.strip(_MARKS) for phrase, chinese in native().items()} | phrases


@cache
def native() -> Mapping[str, str]:
    """Phrases of Datasette's own templates → Chinese."""
    phrases: dict[str, str] = json.loads(files("archive.site").joinpath("native.json").read_text("utf-8"))
    return phrases


def language(request: Any) -> str:
    """`?lang=` of the address, else the cookie it left, else Chinese."""
    asked = (request.args.get("lang") or request.cookies.get(COOKIE)) if request is not None else None
    return asked if asked in LANGUAGES else "zh"


def said(chinese: str, spoken: str) -> str:
    """A phrase in the language spoken; Chinese where there is no other."""
    return english().get(chinese, chinese) if spoken == "en" else chinese


@pass_context
def t(context: Any, chinese: str, **values: object) -> str:
    """A phrase in the reader's language, with `{names}` filled in."""
    phrase = said(chinese, language(context.get("request")))
    return phrase.format(**values) if values else phrase


@pass_context
def described(context: Any, english_words: str) -> str:
    """Datasette's description of what a table shows, in the reader's language."""
    return english_words if language(context.get("request")) == "en" else in_chinese(english_words, DESCRIBED)


@pass_context
def titled(context: Any, table: str) -> str:
    """What a table holds, in two words or a sentence."""
    title, english_words, _ = TABLES.get(table, ("", "", ""))
    return english_words if language(context.get("request")) == "en" else title


@pass_context
def lang(context: Any) -> str:
    """The language of the page as HTML wants it."""
    return LANGUAGES[language(context.get("request"))]


@pass_context
def switch(context: Any) -> str:
    """The address of this page in the other language."""
    request = context.get("request")
    if request is None:
        return "?lang=en"
    other = "zh" if language(request) == "en" else "en"
    if "english" not in context or "timemap" in request.path:      # where a query means something else
        return f"/language/{other}?back={quote(request.full_path)}"
    kept = [part for part in (request.query_string or "").split("&") if part and not part.startswith("lang=")]
    return "?" + "&".join([*kept, f"lang={other}"])


class Translated(BaseLoader):
    """Datasette's own templates with a language, and with their commonest phrases in Chinese. Unknown ones stay English."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> Any:
        source, name, fresh = self.inner.get_source(environment, template)
        if "/archive/site/" in (name or ""):
            return source, name, fresh
        for pattern, better in _REPAIRS:
            source = re.sub(pattern, better, source)
        for phrase, chinese in native().items():
            source = source.replace(phrase, phrase.replace(phrase.strip(_MARKS), "{{ t('" + chinese + "') }}", 1))
        return source, name, fresh

    def list_templates(self) -> list[str]:
        return self.inner.list_templates()
