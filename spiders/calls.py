"""What a function of a page does when it is called: where it sends its reader, which form it posts.

No browser: a function's text is looked at, its texts and sums are worked out from the arguments of the call, and the
address it assigns or the fields it fills before `submit()` are the answer. What cannot be worked out is no answer.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from spiders.writes import unescape

_TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
_EXPRESSION = rf"((?:{_TEXT}|[^;\n\"'])+)"
_CALL = re.compile(rf"(?<![\w.$])(?P<name>[A-Za-z_$][\w.$]*)\s*\((?P<arguments>(?:{_TEXT}|[^\"'()]|\([^()]*\))*)\)")
_ARGUMENT = re.compile(rf"\s*({_TEXT}|[^,]+)\s*(?:,|$)")
_ASSIGNED = re.compile(rf"(?:\bvar\s+|\blet\s+|\bconst\s+|(?<=[;{{\s]))([A-Za-z_$][\w$]*)\s*=(?!=)\s*{_EXPRESSION}")
_GOES = (
    re.compile(rf"\blocation(?:\.href)?\s*=(?!=)\s*{_EXPRESSION}"),
    re.compile(rf"\blocation\.(?:replace|assign)\s*\(\s*{_EXPRESSION}\)"),
    re.compile(rf"(?<![\w.])(?:window\.)?open\s*\(\s*{_EXPRESSION}[,)]"),
)
_FILLS = (
    re.compile(rf"(?:forms\s*\[\s*['\"]?\w+['\"]?\s*\]|\b\w+)\.(?:elements\s*\[\s*['\"])?(\w+)(?:['\"]\s*\])?\.value\s*=(?!=)\s*{_EXPRESSION}"),
    re.compile(rf"getElementById\s*\(\s*['\"](\w+)['\"]\s*\)\.value\s*=(?!=)\s*{_EXPRESSION}"),
    re.compile(rf"\$\s*\(\s*['\"](?:#|input\[name=['\"]?|\[name=['\"]?)([\w$.:]+)['\"]?\]?['\"]\s*\)\.val\s*\(\s*{_EXPRESSION}\)"),
)
_SHOWS = re.compile(r"\.(?:slice|show|hide|toggle|eq|addClass|removeClass)\s*\(|\.style\.display|\bdisplay\b")
_HARMLESS = frozenset(json.loads(files("spiders").joinpath("data/pagers.json").read_text("utf-8"))["harmless"])
_SUM = re.compile(r"[\d\s+\-*()]+")
_WRAPPED = re.compile(r"\b(?:parseInt|Number|String|encodeURI(?:Component)?|escape)\s*\(([^()]*)\)")
_PIECE = re.compile(rf"{_TEXT}|\((?:[^()\"']|\([^()]*\))*\)|[^+\"'()]+|\+", re.S)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as an element makes it: the function's name and its arguments as text."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a call comes to: an address, or fields of a form that is then sent; `within` when it only shows and hides."""

    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    within: bool = False


def calls(code: str) -> Iterator[Call]:
    """The calls in a piece of inline code, in order."""
    for match in _CALL.finditer(code):
        arguments = (each.group(1).strip() for each in _ARGUMENT.finditer(match["arguments"]) if each.group(1).strip())
        yield Call(match["name"], tuple(_plain(each) for each in arguments))


def _plain(argument: str) -> str:
    return unescape(argument[1:-1]) if argument[:1] in "\"'" else argument


def deed(scripts: str, call: Call) -> Deed | None:
    """What a call does by the text of its function in `scripts`; None when that is not there or beyond this reader."""
    found = _definition(scripts, call.name)
    if found is None:
        return None
    names, body = found
    known = dict(zip(names, call.arguments, strict=False))
    depends = set(known)
    for name, expression in _ASSIGNED.findall(body):
        value = evaluate(expression, known) if name not in names else None      # a bound put on an argument is no new value
        if value is not None:
            known[name] = value
            depends |= {name} if depends & set(re.findall(r"[\w$]+", expression)) else set()
    if ".submit(" in body and (fields := {name: value for pattern in _FILLS for name, expression in pattern.findall(body)
                                          if (value := evaluate(expression, known)) is not None}):
        return Deed(fields=fields)
    return _led(body, known, depends) or (Deed(within=True) if _only_shows(body) else None)


def led(code: str) -> str:
    """The address that a piece of inline code sends its reader to, "" when it sends nowhere."""
    found = _led(code + ";", {}, set())
    return found.address if found else ""


def _led(body: str, known: Mapping[str, str], depends: set[str]) -> Deed | None:
    """Where the body leads; of several ways the one that depends on the arguments."""
    ways = [expression for pattern in _GOES for expression in pattern.findall(body)]
    ways.sort(key=lambda expression: not depends & set(re.findall(r"[\w$]+", expression)))
    return next((Deed(address) for expression in ways if (address := evaluate(expression, known))), None)


def _only_shows(body: str) -> bool:
    """Whether a body only shows and hides what is in the page: every function it calls is known to do no more."""
    called = set(re.findall(r"([A-Za-z_$][\w$]*)\s*\(", body))
    return bool(_SHOWS.search(body)) and called <= _HARMLESS and not re.search(r"\blocation\b|\.src\s*=", body)


def _definition(scripts: str, name: str) -> tuple[list[str], str] | None:
    last = re.escape(name.rpartition(".")[2])
    found = re.search(rf"(?:\bfunction\s+{last}\s*|\b{last}\s*[=:]\s*function\s*\w*\s*)\(([^)]*)\)\s*\{{", scripts)
    if not found:
        return None
    return [each.strip() for each in found[1].split(",") if each.strip()], _block(scripts, found.end())


def _block(source: str, start: int) -> str:
    """The text from `start` to the brace that closes it."""
    depth = 1
    for match in re.compile(rf"{_TEXT}|[{{}}]").finditer(source, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if not depth:
            return source[start:match.start()]
    return source[start:]


def evaluate(expression: str, known: Mapping[str, str]) -> str | None:
    """The text an expression of texts, names and sums comes to; None where a name in it is not known."""
    unwrapped = _WRAPPED.sub(r"(\1)", expression.strip().rstrip(";} \t"))
    if (total := _sum(unwrapped, known)) is not None:
        return total
    pieces = [piece.strip() for piece in _PIECE.findall(unwrapped)]
    values = [_value(piece, known) for piece in pieces if piece not in ("", "+")]
    return None if not values or None in values else "".join(value or "" for value in values)


def _value(piece: str, known: Mapping[str, str]) -> str | None:
    if piece[:1] in "\"'":
        return unescape(piece[1:-1])
    if piece in known:
        return known[piece]
    if (total := _sum(piece, known)) is not None:
        return total
    return evaluate(piece[1:-1], known) if piece.startswith("(") and piece.endswith(")") else None


def _sum(text: str, known: Mapping[str, str]) -> str | None:
    """A sum of whole numbers, worked out; None when the text is anything else."""
    filled = re.sub(r"[A-Za-z_$][\w$]*", lambda match: known.get(match.group(), "?"), text).strip()
    if not filled or len(filled) > 60 or not _SUM.fullmatch(filled):
        return None
    try:
        return str(_number(ast.parse(filled.lstrip("0") or "0", mode="eval").body))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _number(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return -_number(node.operand) if isinstance(node.op, ast.USub) else _number(node.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
        left, right = _number(node.left), _number(node.right)
        return left + right if isinstance(node.op, ast.Add) else left - right if isinstance(node.op, ast.Sub) else left * right
    raise ValueError("no sum")
