"""What an inline script `document.write`s, for lists that exist only in scripts.

No browser: string variables, string concatenation, `if`/`else` over them and `document.write(ln)` are followed;
everything else is stepped over. A condition that cannot be decided takes both branches.
"""

from __future__ import annotations

import re

from spiders.quotes import Quotes

_TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*|<!--[^\n]*|-->)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<name>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)
  | (?P<sign>===|!==|==|!=|&&|\|\||\+=|>=|<=|.)
""", re.X | re.S)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_LONGEST = 2_000_000          # characters of a script, of what a variable holds and of what is written: beyond is no list
_LONGEST_CONDITION = 200      # tokens

Token = tuple[str, str]
Value = str | None            # None: not known to us


def written(script: str) -> str:
    """The markup a script writes into its page while it loads; "" when it writes none or is beyond this reader."""
    if len(script) > _LONGEST:
        return ""
    reader = _Script(_tokens(script))
    try:
        while reader.more():
            reader.statement(run=True)
    except RecursionError:            # thousands of nested braces are no list
        return ""
    return "".join(reader.out)


def _tokens(script: str) -> list[Token]:
    quotes, at, last_comment = Quotes(script), 0, script.rfind("*/")
    tokens: list[Token] = []
    while at < len(script):
        if script[at] in "\"'`" and (end := quotes.end(at)):
            tokens.append(("text", script[at:end]))
            at = end
        elif script.startswith("/*", at) and at + 2 <= last_comment:
            at = script.index("*/", at + 2) + 2
        elif match := _TOKEN.match(script, at):
            if match.lastgroup != "space":
                tokens.append((match.lastgroup or "", match.group()))
            at = match.end()
    return tokens


def unescape(literal: str) -> str:
    """The text of a quoted string of JavaScript, given without its quotes."""
    return _ESCAPE.sub(lambda match: _escaped(match[1]), literal)


def _escaped(code: str) -> str:
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


class _Script:
    """A reader over tokens; `names` holds what variables are known to hold."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0
        self.names: dict[str, Value] = {}
        self.out: list[str] = []
        self.written = 0

    def more(self) -> bool:
        return self.at < len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place][1] if place < len(self.tokens) else ""

    def take(self, text: str) -> bool:
        if self.peek() != text:
            return False
        self.at += 1
        return True

    def statement(self, run: bool) -> None:
        """Follow one statement; with `run` false only step over it. Always gets on by at least one token."""
        if not self.more():
            return
        start, word = self.at, self.peek()
        if word == "if":
            self.branch(run)
        elif word == "{":
            self.block(run)
        elif word == "function":
            self.function()
        elif word in ("document.write", "document.writeln") and self.peek(1) == "(":
            self.at += 2
            value = self.expression()
            self.written += len(value or "") if run else 0
            if run and self.written <= _LONGEST:
                self.out.append(value or "")
            self.past_end()
        elif word in ("var", "let", "const"):
            self.at += 1
            self.assignment(run)
            while self.take(","):
                self.assignment(run)
            self.past_end()
        elif self.tokens[self.at][0] == "name" and self.peek(1) in ("=", "+="):
            self.assignment(run)
            self.past_end()
        else:
            self.past_end()
        self.at = max(self.at, start + 1)

    def assignment(self, run: bool) -> None:
        name, sign = self.peek(), self.peek(1)
        self.at += 1
        if sign not in ("=", "+="):
            return
        self.at += 1
        value = self.expression()
        if run and sign == "+=":
            before = self.names.get(name)
            value = None if before is None or value is None or len(before) + len(value) > _LONGEST else before + value
        if run:
            self.names[name] = value

    def branch(self, run: bool) -> None:
        self.at += 1
        verdict = self.condition() if self.take("(") else None
        self.statement(run and verdict is not False)
        if self.take("else"):
            self.statement(run and verdict is not True)

    def block(self, run: bool) -> None:
        self.at += 1
        while self.more() and not self.take("}"):
            self.statement(run)

    def function(self) -> None:
        """Step over a function: its body runs only when called, and calls are not followed."""
        while self.more() and self.peek() != "{":
            self.at += 1
        if self.more():
            self.block(run=False)

    def condition(self) -> bool | None:
        """The verdict of a condition up to and past its closing bracket, None when it cannot be decided."""
        start, depth = self.at, 1
        while self.more() and depth:
            depth += {"(": 1, ")": -1}.get(self.peek(), 0)
            self.at += 1
        return self.decide(self.tokens[start:self.at - 1]) if self.at - start <= _LONGEST_CONDITION else None

    def decide(self, tokens: list[Token]) -> bool | None:
        texts = [text for _, text in tokens]
        for sign, known in (("||", True), ("&&", False)):
            if sign in texts:
                place = texts.index(sign)
                sides = (self.decide(tokens[:place]), self.decide(tokens[place + 1:]))
                return known if known in sides else None if None in sides else not known
        if texts[:1] == ["!"]:
            inner = self.decide(tokens[1:])
            return None if inner is None else not inner
        for place, sign in enumerate(texts):
            if sign in ("==", "===", "!=", "!==", ">"):
                left, right = self.value(tokens[:place]), self.value(tokens[place + 1:])
                if left is None or right is None:
                    return None
                return left.isdigit() and int(left) > int(right or 0) if sign == ">" else (left == right) == (sign[0] == "=")
        value = self.value(tokens)
        return None if value is None else value not in ("", "0", "false", "null")

    def value(self, tokens: list[Token]) -> Value:
        """What a single operand holds; `x.length` and `x.trim()` are understood, nothing else is."""
        if not tokens or (len(tokens) > 1 and [text for _, text in tokens[1:]] != ["(", ")"]):
            return None
        kind, text = tokens[0]
        if kind == "text":
            return unescape(text[1:-1])
        if kind == "number" or text in ("null", "true", "false"):
            return text
        name, _, property_ = text.rpartition(".")
        held = self.names.get(name) if name and property_ in ("length", "trim") else self.names.get(text)
        if held is None or not name:
            return held
        return str(len(held)) if property_ == "length" else held.strip()

    def expression(self) -> Value:
        """A concatenation up to a comma, a semicolon or a closing bracket; operands not known count as empty text."""
        pieces: list[Value] = []
        depth = 0
        while self.more():
            kind, text = self.tokens[self.at]
            if depth == 0 and (text in (";", ",", ")", "}") or self._new_line_statement(kind, pieces)):
                break
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text, 0)
            if kind != "sign":
                pieces.append(self.value([self.tokens[self.at]]))
            self.at += 1
        if all(piece is None for piece in pieces) or sum(len(piece or "") for piece in pieces) > _LONGEST:
            return None
        return "".join(piece or "" for piece in pieces)

    def _new_line_statement(self, kind: str, pieces: list[Value]) -> bool:
        """Two operands with no sign between them: a statement ended without its semicolon."""
        return bool(pieces) and kind != "sign" and self.tokens[self.at - 1][0] != "sign"

    def past_end(self) -> None:
        """Go past the end of this statement: brackets are stepped over whole."""
        depth = 0
        while self.more():
            kind, text = self.tokens[self.at]
            if depth == 0 and text == "}":
                return
            if depth == 0 and kind == "name" and (
                    text in ("var", "let", "const", "if", "function", "document.write", "document.writeln")):
                return
            self.at += 1
            depth = max(0, depth + {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text, 0))
            if depth == 0 and text in (";", "}"):
                return
