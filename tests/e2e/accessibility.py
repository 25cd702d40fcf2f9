"""What axe-core finds wrong with a page as it is, in light and in dark (npm's, locked)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# What is on its way already goes on under "reduce". A document does not tell of its shadows' motion.
SETTLE = """() => [document, ...[...document.querySelectorAll("*")].flatMap(one => one.shadowRoot ?? [])]
  .flatMap(root => root.getAnimations())
  .forEach(one => one.effect.getComputedTiming().endTime < Infinity && one.finish())"""
# `preload` would put styles of ours into the page, which a policy forbids.
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"], preload: false})).violations.flatMap(one =>
  one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))"""


def is_for_everybody(page: Page) -> None:
    """Without motion: what is on its way from one colour to the other is neither."""
    found: dict[str, Any] = {}
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLE)
        page.evaluate(f"{axe()}; undefined")
        found[scheme] = page.evaluate(RUN)
    assert found == {"dark": [], "light": []}, re.sub(r"\s+", " ", str(found))


@cache
def axe() -> str:
    """Given to the page from outside: its policy lets in no script of another's."""
    assert AXE.exists(), "make e2e installs it"
    return AXE.read_text()
