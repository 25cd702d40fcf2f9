"""Whoever runs the server is told which of the kernel's walls do not hold (manage.py check --deploy)."""

from __future__ import annotations

import pytest

from attachments.inspection import inspector
from config.checks import check_walls

WITHOUT = "from attachments.inspection import walls; walls.{step} = lambda libc: None; "


def missing() -> list[str]:
    return inspector.missing_walls()


def test_what_was_not_raised_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    here, telling = missing(), inspector.TELLING_WALLS
    for wall, step in (("seccomp", "_filter_system_calls"), ("landlock", "_keep_to_own_files")):
        monkeypatch.setattr(inspector, "TELLING_WALLS", WITHOUT.format(step=step) + telling)
        assert set(missing()) == {*here, wall}
        told = {(one.id, one.msg.split()[0]) for one in check_walls()}
        assert told == {("parley.W001", one) for one in missing()}
        assert all(one.hint for one in check_walls())


def test_where_nothing_is_said_nothing_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspector, "TELLING_WALLS", "raise SystemExit(1)")
    assert missing() == ["seccomp", "landlock"]
