"""How pieces of evidence add up, and when the best candidate is good enough: the same for agencies, places and years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parsers import schema


def noisy_or(weights: Iterable[float], most: float = 0.99) -> float:
    """The chance that at least one of several independent reasons holds, at most `most`."""
    rest = 1.0
    for weight in weights:
        rest *= 1 - weight
    return min(most, 1 - rest)


def share(score: float, others: Iterable[float]) -> float:
    """How much of all support, in odds, is the score's own: 1 without rivals, about ½ against an equal one."""
    odds = 1 / (1 - score)
    return odds / (odds + sum(1 / (1 - other) - 1 for other in others))


def accepted(scores: Sequence[float]) -> bool:
    """Whether the best of the scores (best first) may be believed: high enough, and well ahead of all others."""
    rules = schema.load("evidence")["accept"]
    if not scores or scores[0] < rules["score"]:
        return False
    ahead = scores[0] - (scores[1] if len(scores) > 1 else 0.0) >= rules["margin"]
    return bool(ahead or share(scores[0], scores[1:]) >= rules["share"])
