"""The only place that reads the environment. `NAME_FILE` may name a file that holds the value of `NAME`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from environs import FileAwareEnv


def environment() -> FileAwareEnv:
    """A fresh reader: Django may import the settings again after they failed, and a sealed one reads no more."""
    return FileAwareEnv(eager=False)


BASE_DIR = Path(__file__).resolve().parent.parent


def generated_secret(data_dir: Path, name: str) -> str:
    """A secret of this installation, made at the first look, kept in DATA_DIR/secrets for its owner's eyes only."""
    path = data_dir / "secrets" / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
