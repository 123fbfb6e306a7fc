"""How long something takes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Any


def alternated(times: int, *works: Callable[[], Any]) -> list[list[float]]:
    """Seconds of every work, so many times each, taking turns so that a busy moment strikes all alike."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, spent in zip(works, seconds, strict=True):
            gc.collect()
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
    return seconds


def least(seconds: Sequence[float]) -> float:
    """The smallest: whatever else runs on the machine only adds."""
    return min(seconds)


def told(seconds: float) -> str:
    """For people: 12.3 s, 4.56 s, 0.123 s, 45 ms.

    >>> told(12.345), told(1.2345), told(0.0456)
    ('12.3 s', '1.23 s', '46 ms')
    """
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s" if seconds >= 0.2 else f"{seconds * 1000:.0f} ms"
