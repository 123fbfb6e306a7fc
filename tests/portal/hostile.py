"""What people and machines type where nobody expects it."""

from __future__ import annotations

HOSTILE = (
    "' OR 1=1; DROP TABLE reference_area; --",
    '"><script>alert(1)</script>',
    "{{ 7*7 }}{% load x %}",
    "%(name)s %s {0}",
    "../../../../etc/passwd",
    "a\x00b",
    "\x00",
    "x" * 10_000,
    "9" * 500,
    "Ä" * 3_000,
    "‮egelniemeG",
    "😀🏴‍☠️",
    "ﬀ ﬁ ℌ 𝕳",
    "e\u0301\u0302\u0303" * 20,
    "٣٢٥٢",  # digits of another script
    "²³¼",
    "\ud7ff\ufffe",
    "%00%0d%0aSet-Cookie: x=1",
    "\r\nLocation: https://example.org",
    "   ",
    "_%",
    "\\",
    "-" * 90,
)
BROKEN_PAGES = ("-1", "0", "9999999", "9" * 400, "abc", "1e3", "1.5", "", " ", "٣", "😀", "\x00", "²")
