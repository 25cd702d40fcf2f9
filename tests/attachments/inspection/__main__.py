"""Every file of a directory, and what can be made of it, through the inspection: what became of it, and what it took.

    python -m tests.attachments.inspection DIRECTORY [--mutants 20] [--log FILE]

Each goes under the name it has and under the others that its first bytes allow. Ends with 1 where a child took more
than it may, ended as no refusal explains, or what it made holds more than a picture.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local
from time import monotonic
from typing import Any, NamedTuple

from PIL import Image

from attachments.inspection import cell
from attachments.inspection.answers import PICTURES
from attachments.inspection.inspector import TOO_LARGE, inspect
from attachments.inspection.kinds import SNIFFED, TYPES, extension_of, sniff
from attachments.inspection.report import Produced, Report
from attachments.inspection.walls import CPU_SECONDS, MEBIBYTE, MEMORY
from tests.attachments.inspection.mutants import mutants

# The limit of the CPU ends it at the next tick.
MOST_SECONDS = CPU_SECONDS + 0.5
LARGEST = 12 * MEBIBYTE
SHOWN = 12
# What is held at once counts as memory of the children (they begin as copies of us).
ON_ITS_WAY = 40


class Look(NamedTuple):
    file: str
    name: str
    done: str
    outcome: str
    reason: str
    kind: str
    seconds: float
    mebibytes: float
    ended: int
    found: str
    wrong: str


class Measured(subprocess.Popen[bytes]):
    """A child, and what it took. Its memory counts from before it was itself: ours, at least."""

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        try:
            pid, status, used = os.wait4(self.pid, wait_flags)
        except ChildProcessError:
            return self.pid, 0
        if pid:
            here.seconds, here.mebibytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        return pid, status


here = local()


def watch() -> None:
    """Of each child, what it took and how it ended."""
    run = cell.run

    def watched(*arguments: Any, **named: Any) -> cell.Answer:
        answer = run(*arguments, **named)
        here.ended, here.said = answer.ended, answer.output.endswith(b"\n")
        return answer

    cell.run = watched
    subprocess.Popen = Measured  # type: ignore[assignment,misc]


def names_of(path: Path, content: bytes) -> Iterator[str]:
    """Its own, and one of those that its first bytes allow: all others are turned away at the door."""
    extension = extension_of(path.name)
    found = sniff(content[:SNIFFED])
    others = [known for known, type_ in TYPES.items() if found in type_.sniffs and known != extension]
    if extension in TYPES:
        yield f"a.{extension}"
    if others:
        yield f"a.{others[len(content) % len(others)]}"


def look(file: str, name: str, done: str, content: bytes) -> Look:
    here.seconds = here.mebibytes = 0.0
    here.ended, here.said = 0, True
    with TemporaryDirectory() as directory:
        path, into = Path(directory, "upload"), Path(directory, "into")
        path.write_bytes(content)
        into.mkdir()
        report = inspect(path, name, into=into)
        wrong = _what_is_wrong(report)
    found = str(report.metadata.get("found", ""))
    took = round(here.seconds, 3), round(here.mebibytes, 1)
    return Look(file, name, done, report.outcome, report.reason, report.kind, *took, here.ended, found, wrong)


def _what_is_wrong(report: Report) -> str:
    if here.seconds > MOST_SECONDS:
        return "took too long"
    if here.mebibytes * MEBIBYTE > MEMORY:
        return "took too much memory"
    if not here.said and here.ended not in TOO_LARGE:
        return f"ended with {here.ended}"
    return next((f"{one.name} holds more" for one in report.files if _holds_more(one)), "")


# What a picture's file may say beside the picture.
PLAIN = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"),
    *("background", "duration", "loop", "timestamp", "transparency", "version", "extension"),
}
WORDS = re.compile(
    rb"Exif\0|ns\.adobe\.com|<x:xmpmeta|ICC_PROFILE|iCCP|Photoshop|<script|<html|<\?php", re.IGNORECASE
)
PLACES = re.compile(rb"\xa9xyz|loci.{8}|location\.ISO6709|<x:xmpmeta")


def _holds_more(made: Produced) -> bool:
    if made.mime not in PICTURES:
        return bool(PLACES.search(made.path.read_bytes()))
    with Image.open(made.path) as image:
        return bool(set(image.info) - PLAIN or image.getexif() or WORDS.search(made.path.read_bytes()))


def everything(directory: Path, count: int) -> Iterator[tuple[str, str, str, bytes]]:
    for path in sorted(directory.rglob("*")):
        if not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
            continue
        content = path.read_bytes()
        file = str(path.relative_to(directory))
        made = mutants(content, count, file) if count else [("", content)]
        for number, (done, one) in enumerate(made):
            # Of what was made, every fourth goes under the other name too.
            for name in islice(names_of(path, one), 1 if number % 4 else 2):
                yield file, name, done, one


def table(looks: Sequence[Look]) -> str:
    lines = [
        "",
        f"{'kind':12} {'outcome':9} {'reason':18} {'files':>7} {'mean s':>7} {'most s':>7} {'most MiB':>9}",
    ]
    groups: dict[tuple[str, str, str], list[Look]] = {}
    for one in looks:
        groups.setdefault((one.kind, one.outcome, one.reason), []).append(one)
    for (kind, outcome, reason), ones in sorted(groups.items()):
        seconds = [one.seconds for one in ones]
        lines.append(
            f"{kind:12} {outcome:9} {reason:18} {len(ones):7} {sum(seconds) / len(ones):7.2f}"
            f" {max(seconds):7.2f} {max(one.mebibytes for one in ones):9.0f}"
        )
    for what, order in (("slowest", "seconds"), ("largest", "mebibytes")):
        lines += ["", what]
        for one in sorted(looks, key=lambda one: -float(getattr(one, order)))[:SHOWN]:
            lines.append(_line(one))
    ends = Counter(
        signal.Signals(-one.ended).name if one.ended < 0 else str(one.ended) for one in looks if one.ended
    )
    lines += ["", f"ended otherwise than by themselves: {dict(ends) or 'none'}"]
    wrong = [f"{one.wrong}: {_line(one)}" for one in looks if one.wrong]
    lines += ["", *(["wrong:", *wrong] if wrong else ["wrong: nothing"])]
    return "\n".join(lines)


def _line(one: Look) -> str:
    took = f"{one.seconds:6.2f} s {one.mebibytes:5.0f} MiB"
    return f"  {took}  {one.outcome} {one.reason}  {one.file} as {one.name} {one.done}"


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("directory", type=Path)
    options.add_argument("--mutants", type=int, default=0, help="so many of each file, instead of the file")
    options.add_argument("--log", type=Path, help="a line of JSON for each look")
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = options.parse_args()
    watch()
    looks: list[Look] = []
    work = everything(asked.directory, asked.mutants)
    with (
        ThreadPoolExecutor(asked.jobs) as workers,
        open(asked.log or os.devnull, "w") as log,
    ):
        started = monotonic()
        while some := list(islice(work, ON_ITS_WAY)):
            for one in workers.map(lambda each: look(*each), some):
                looks.append(one)
                log.write(json.dumps(one._asdict()) + "\n")
            log.flush()
            sys.stderr.write(f"\r{len(looks)} looks, {monotonic() - started:.0f} s")
    sys.stdout.write(table(looks) + "\n")
    return int(any(one.wrong for one in looks))


if __name__ == "__main__":
    sys.exit(main())
