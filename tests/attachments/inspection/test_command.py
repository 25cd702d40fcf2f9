"""`python -m tests.attachments.inspection`: what it makes of a directory, on a few files of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from attachments.inspection.cell import ROOT
from tests.attachments.corpus import docx, mp4, picture

FILES = {"a.jpg": picture(), "b.docx": docx(), "c.mp4": mp4(b"vide")}


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "tests.attachments.inspection", *map(str, arguments)]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)


def test_files_and_what_can_be_made_of_them(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)

    as_they_are = command(tmp_path)
    mutants = command(tmp_path, "--mutants", 2)

    for done in (as_they_are, mutants):
        assert done.returncode == 0, done.stdout
        assert done.stdout.endswith("ended otherwise than by themselves: none\n\nwrong: nothing\n")
    assert [line for line in as_they_are.stdout.splitlines() if " accepted " in line]
