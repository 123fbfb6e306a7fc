"""The demonstration register: real cooperations with their sources, in the exchange format, and what it is made from.

`FILE` is read by ``nahtstelle demo`` alone. ``make demonstration-register`` writes it from the facts, which lie outside
the project, and from our own texts beside this file.
"""

from pathlib import Path

FILE = Path(__file__).parent / "register.jsonl"
"""The register as an exchange file."""
