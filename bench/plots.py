"""Pictures of the results. Without matplotlib (requirements-bench.txt) there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.report import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, FAINT = "#1f2937", "#d1d5db"
COLOURS = {
    "parley-uvicorn": "#0f766e",
    "parley-daphne": "#5eb5aa",
    "socketio": "#6b7280",
    "socketio-group": "#a3a8b1",
    "ejabberd": "#d08c4c",
    "relay": "#e5e7eb",
}
STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "parley",
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
WIDTH, WIDER = 7.2, 8.8  # the latter where no names stand beside it
YARDSTICK = "relay"

Painter = Callable[["Axes", Results], None]


def draw(results: Results, directory: Path) -> list[tuple[str, str]]:
    """Name and meaning of each picture that there was something to draw for."""
    try:
        import matplotlib as mpl
    except ImportError:
        print("No plots: matplotlib is not installed (requirements-bench.txt)")
        return []
    mpl.use("svg")
    with mpl.rc_context(STYLE):
        return [
            (name, title)
            for name, title, measure, lines, paint in PICTURES
            if _draw(results, directory / name, title, measure, lines, paint)
        ]


def _draw(results: Results, path: Path, title: str, measure: str, lines: int, paint: Painter) -> bool:
    servers = _shown(results, measure)
    if not servers:
        return False
    from matplotlib import pyplot

    size = (WIDTH, 1.1 + 0.36 * lines * len(servers)) if lines else (WIDER, 4)
    figure, axes = pyplot.subplots(figsize=size)
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", pad=12)
    paint(axes, results)
    figure.savefig(path, bbox_inches="tight", facecolor="white", metadata={"Date": None})
    pyplot.close(figure)
    return True


def _shown(results: Results, measure: str) -> list[str]:
    return [server for server in results.measured(measure) if server != YARDSTICK]


def _title(results: Results, server: str) -> str:
    return results.titles[server]


# --- bars -----------------------------------------------------------------------------------------------------------


def _bars(
    axes: Axes, labels: Sequence[str], values: Sequence[float], colours: Sequence[str], unit: str
) -> None:
    """Best read from the top: one bar a line, its value at its end."""
    places = range(len(values))
    axes.barh(places, values, color=colours, height=0.66)
    for place, value in zip(places, values, strict=True):
        digits = 2 if value < 10 else 0
        axes.text(value + max(values) * 0.012, place, f"{value:,.{digits}f}{unit}", va="center")
    axes.set_yticks(list(places), labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, max(values) * 1.14)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _ratios(axes: Axes, results: Results, measure: str, figure: str) -> None:
    found = {server: results.ratio(measure, server, figure) for server in _shown(results, measure)}
    ratios = {server: ratio for server, ratio in found.items() if ratio is not None}
    labels = [_title(results, server) for server in ratios]
    _bars(axes, labels, list(ratios.values()), [COLOURS[server] for server in ratios], " x")
    axes.axvline(1, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))


def _pairs(axes: Axes, results: Results) -> None:
    _ratios(axes, results, "pairs", "acked_per_s")


def _fanout(axes: Axes, results: Results) -> None:
    _ratios(axes, results, "fanout", "deliveries_per_s_1000")


def _memory(axes: Axes, results: Results) -> None:
    servers = _shown(results, "idle")
    values = [results.median("idle", server, "kib_per_socket_5000") or 0 for server in servers]
    _bars(axes, [_title(results, one) for one in servers], values, [COLOURS[one] for one in servers], " KiB")


# --- latency --------------------------------------------------------------------------------------------------------


def _latency(axes: Axes, results: Results) -> None:
    """From p50, the ring, to p99, the dot."""
    servers = _shown(results, "latency")
    for place, server in enumerate(servers):
        p50 = results.median("latency", server, "delivery_p50_ms") or 0
        p99 = results.median("latency", server, "delivery_p99_ms") or 0
        _span(axes, place, p50, p99, COLOURS[server])
    _name_spans(axes, [_title(results, server) for server in servers], "milliseconds, p50 to p99")


def _span(axes: Axes, place: int, first: float, last: float, colour: str) -> None:
    axes.plot([first, last], [place, place], color=colour, linewidth=5, solid_capstyle="round")
    axes.plot(first, place, "o", color="white", markeredgecolor=colour, markeredgewidth=2, markersize=8)
    axes.plot(last, place, "o", color=colour, markersize=9)
    axes.annotate(
        f"{first:.1f} – {last:.1f} ms",
        (max(first, last), place),
        (10, 0),
        textcoords="offset points",
        va="center",
    )


def _name_spans(axes: Axes, names: Sequence[str], unit: str) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, axes.get_xlim()[1] * 1.2)
    axes.set_xlabel(unit)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def _files(axes: Axes, results: Results) -> None:
    """p95 without uploads, the ring, and with them, the dot."""
    servers = _shown(results, "files")
    for place, server in enumerate(servers):
        alone, beside = (results.median("files", server, f"{how}_p95_ms") or 0 for how in ("alone", "beside"))
        _span(axes, place, alone, beside, COLOURS[server])
    _name_spans(axes, [_title(results, server) for server in servers], "milliseconds, p95")


# --- the storm ------------------------------------------------------------------------------------------------------


def _storm(axes: Axes, results: Results) -> None:
    ends = []
    for server in _shown(results, "storm"):
        curves = results.of("storm", server, "curve_s")
        seconds = [median(at) for at in zip(*curves, strict=True)]
        axes.plot(seconds, range(1, 101), color=COLOURS[server], linewidth=2.2, label=_title(results, server))
        ends.append(seconds[-1])
    axes.set_xlim(0, max(ends) * 1.04)
    axes.set_ylim(0, 102)
    axes.set_xlabel("seconds")
    axes.set_ylabel("% of 2,000 clients back")
    axes.grid(color=FAINT, linewidth=0.6)
    axes.legend(frameon=False, loc="lower right")


# name, title, measure, lines a server takes (0: none, a curve), painter
PICTURES: Sequence[tuple[str, str, str, int, Painter]] = (
    (
        "pairs.svg",
        "Messages a second, 100 pairs (Socket.IO = 1)",
        "pairs",
        1,
        _pairs,
    ),
    ("fanout.svg", "Deliveries a second to a group of 1,000 (Socket.IO = 1)", "fanout", 1, _fanout),
    ("latency.svg", "From send to delivery, at 50 messages a second", "latency", 1, _latency),
    ("files.svg", "Delivery while 50 people upload photos of 5 MB", "files", 1, _files),
    ("storm.svg", "2,000 clients come back at once", "storm", 0, _storm),
    ("memory.svg", "Memory of an idle socket, 5,000 open", "idle", 1, _memory),
)
