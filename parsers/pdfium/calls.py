"""Many calls of pdfium in one go: `map` feeds it addresses as plain numbers, its answers fill one block of memory.

A page takes some 3,000 calls. Made one by one in Python each costs more than what pdfium does for it.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

import pypdfium2.raw as raw

Address = ctypes.c_void_p
Whole = ctypes.c_int
Call = Callable[..., Any]


def function(name: str, *arguments: Any, result: Any = Whole) -> Call:
    """A function of pdfium whose pointers are plain numbers, so that no object is built for a call.

    It keeps the interpreter's lock: pdfium is not safe in threads, and giving it back costs as much as the call.
    """
    call: Call = ctypes.PYFUNCTYPE(result, *arguments)(address(getattr(raw, name)))
    return call


def address(handle: Any) -> int:
    """The plain number of a handle or function."""
    return ctypes.cast(handle, Address).value or 0


def answers(call: Call, count: int, *arguments: Iterable[Any], of: str, apart: bool = False) -> list[list[Any]]:
    """What `call` writes for each of `count` sets of arguments, as columns: one for each letter of `of` (one kind of `struct`).

    `apart` says that it wants a pointer for every value, and not one for all. What it does not write stays zero.
    """
    size = struct.calcsize(of)
    block = ctypes.create_string_buffer(size * count + 1)
    start = ctypes.addressof(block)
    steps = range(0, size, size // len(of)) if apart else (0,)
    places = [range(start + step, start + size * count, size) for step in steps]
    deque(map(call, *arguments, *places), maxlen=0)
    kind: Any = of[0]
    flat = memoryview(block).cast("B")[:size * count].cast(kind).tolist()
    return [flat[place::len(of)] for place in range(len(of))]
