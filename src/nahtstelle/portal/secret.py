"""The secret that signs sessions, where the operator gave none: made once and kept."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(home: Path) -> str:
    """The secret in ``home/secret-key``, readable for its owner only; made on the first call."""
    path = home / "secret-key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        # Several workers may start at once: the first makes the file, the others read it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()
