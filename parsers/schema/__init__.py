"""The statutory form as data: ids, labels and spellings of every table, the rules, the functions, the taxonomies.

Each JSON file here holds one subject; `load("tables")["request_rows"]` gives its entries. Ids are stable English
snake_case and are what every export uses; labels are the official Chinese. Sources: 国办发〔2014〕32号,
国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号, 《政府信息公开条例》(2019).
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(subject: str) -> dict[str, Any]:
    """The parsed content of `<subject>.json`; treat it as read-only."""
    data: dict[str, Any] = json.loads(files(__name__).joinpath(f"{subject}.json").read_text(encoding="utf-8"))
    return data
