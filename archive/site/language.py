"""Chinese first, English by a switch: templates say `t("中文")`; english.json holds the other side of every phrase."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import BaseLoader, Environment, pass_context

COOKIE = "nianbao_language"
LANGUAGES = {"zh": "zh-CN", "en": "en"}


@cache
def english() -> Mapping[str, str]:
    """Chinese phrase → English."""
    phrases: dict[str, str] = json.loads(files("archive.site").joinpath("english.json").read_text("utf-8"))
    return {chinese: phrase.strip("> <") for phrase, chinese in native().items()} | phrases


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
def lang(context: Any) -> str:
    """The language of the page as HTML wants it."""
    return LANGUAGES[language(context.get("request"))]


@pass_context
def switch(context: Any) -> str:
    """The address of this page in the other language."""
    request = context.get("request")
    if request is None:
        return "?lang=en"
    kept = [part for part in (request.query_string or "").split("&") if part and not part.startswith("lang=")]
    return "?" + "&".join([*kept, f"lang={'zh' if language(request) == 'en' else 'en'}"])


class Translated(BaseLoader):
    """Datasette's own templates with a language, and with their commonest phrases in Chinese. Unknown ones stay English."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> Any:
        source, name, fresh = self.inner.get_source(environment, template)
        if "/archive/site/" in (name or ""):
            return source, name, fresh
        source = re.sub(r"<html( lang=\"en\")?>", '<html lang="{{ lang() }}">', source)
        for phrase, chinese in native().items():
            source = source.replace(phrase, phrase.replace(phrase.strip("> <"), '{{ t("' + chinese + '") }}', 1))
        return source, name, fresh

    def list_templates(self) -> list[str]:
        return self.inner.list_templates()
