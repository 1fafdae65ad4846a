"""What a benchmark tells: figures beside their yardsticks, as lines, as a table, as curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

_TIMES = (
    ("build", "build", 1, "o-"),
    ("add", "add one, until found", 1, "s-"),
    ("open", "open", 1, "^-"),
    ("p95", "question, p95", 1e-3, "v-"),
    ("p50", "question, p50", 1e-3, "D-"),
    ("forward", "of it the model", 1e-3, "x--"),
)
_SIZES = (("disk_mb", "disk", 1, "o-"), ("memory", "memory, resident", 1, "s-"), ("private", "of it its own", 1, "x--"))


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its unit, beside its yardstick where it has one.

    `most` and `least` are bounds of the ratio to the yardstick, or of the figure itself where there is no yardstick.
    A yardstick of 0 is none to go by: what is held against it does not hold.
    """

    part: str
    what: str
    figure: float
    unit: str
    against: float | None = None
    yardstick: str = ""
    most: float | None = None
    least: float | None = None
    more: str = ""

    @property
    def ratio(self) -> float | None:
        """The figure in terms of its yardstick."""
        return None if not self.against else self.figure / self.against

    @property
    def target(self) -> str:
        """What is promised; empty where nothing is."""
        unit = "" if self.against is not None or not self.unit else f" {self.unit}"
        bounds = (("≥", self.least), ("≤", self.most))
        return ", ".join(f"{sign} {bound:g}{unit}" for sign, bound in bounds if bound is not None)

    @property
    def holds(self) -> bool | None:
        """Whether it is kept; None where nothing is promised."""
        if not self.target:
            return None
        if self.against is not None and self.ratio is None:
            return False
        value = self.ratio if self.ratio is not None else self.figure
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)

    @property
    def verdict(self) -> str:
        """`holds`, `does not hold`, or nothing."""
        return {True: "holds", False: "does not hold", None: ""}[self.holds]

    def cells(self) -> list[str]:
        """The figure, the yardstick, the ratio, the target and the verdict, as a reader sees them."""
        beside = "" if self.against is None else f"{self.yardstick} {shown(self.against)} {self.unit}".rstrip()
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [f"{shown(self.figure)} {self.unit}".rstrip(), beside, ratio, self.target, self.verdict]

    def __str__(self) -> str:
        figure, beside, ratio, target, verdict = self.cells()
        told = f"  {self.what:44} {figure:>13}"
        told += f"   {beside}, ratio {ratio or 'none'}" if beside else ""
        told += f"   ({target}: {verdict})" if target else ""
        return f"{told}   {self.more}".rstrip()


def shown(figure: float) -> str:
    """Three digits or four, five of what is nearly 1."""
    if figure and abs(figure) < 1:
        return f"{figure:.5f}".rstrip("0").rstrip(".") if abs(figure) > 0.9 else f"{figure:.3g}"
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.2f}" if abs(figure) < 10 else f"{figure:.1f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which so many of a hundred lie."""
    return float(np.percentile(values, share))


def as_table(figures: dict[str, Any]) -> str:
    """What --json wrote, as a table of Markdown."""
    machine = "; ".join(f"{name}: {value}" for name, value in figures["machine"].items())
    rows = [machine, "", "| | | yardstick | ratio | promised | |", "|---|---|---|---|---|---|"]
    for values in figures["lines"]:
        line = Line(**values)
        rows.append(f"| {' | '.join([f'{line.part}: {line.what}', *line.cells()])} |")
    return "\n".join(rows)


def growth_table(rows: Sequence[dict[str, Any]]) -> str:
    """Growth as a table of Markdown."""
    told = [
        "| decisions | passages | build | of it embedding | one added | open | question p50 | p95 | of it the model "
        "| memory | disk |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        cells = [
            f"{row['size']:,}", f"{row['passages']:,}", f"{shown(row['build'])} s",
            f"{shown(row['embedding'])} s{' (reckoned)' if row['generated'] else ''}", f"{shown(row['add'])} s",
            f"{shown(row['open'])} s", f"{row['p50']:.1f} ms", f"{row['p95']:.1f} ms", f"{row['forward']:.1f} ms",
            f"{row['memory']:,.0f} MB", f"{row['disk_mb']:,.0f} MB",
        ]  # fmt: skip
        told.append(f"| {' | '.join(cells)} |")
    return "\n".join(told)


def growth_sentence(rows: Sequence[dict[str, Any]]) -> str:
    """What grows how, between the last two sizes."""
    if len(rows) < 2:
        return ""
    told = (
        ("build", "the build"), ("rest", "of it all but the embedding"), ("add", "adding one"), ("open", "opening"),
        ("p50", "a question"), ("memory", "memory"), ("disk_mb", "disk"),
    )  # fmt: skip
    parts = [f"{what} {rows[-1][name] / max(rows[-2][name], 1e-9):.1f} times" for name, what in told]
    times = rows[-1]["size"] / rows[-2]["size"]
    return (
        f"From {rows[-2]['size']:,} to {rows[-1]['size']:,} decisions, {times:.1f} times as many, grow: "
        f"{', '.join(parts)}."
    )


def growth_generated(rows: Sequence[dict[str, Any]]) -> str:
    """What was generated where embedding would have taken too long."""
    first = next((row for row in rows if row["generated"]), None)
    if first is None:
        return ""
    return (
        f"From {first['size']:,} decisions on the time of the embedding, which is a part of the build, is reckoned at "
        f"the rate measured for such texts ({first['texts'] / first['embedding']:.0f} a second), and the vectors are "
        f"generated from real ones, with {first['tokens']} token vectors for each text; those of decisions have some "
        "48. All else is measured, on these."
    )


def growth_on_disk(rows: Sequence[dict[str, Any]]) -> str:
    """Which indexes no memory of the machine can hold."""
    first = next((row for row in rows if row["disk_mb"] > row["machine"]), None)
    if first is None:
        return ""
    return (
        f"The index of {first['size']:,} decisions is larger than the memory of the machine, {first['machine']:,.0f} "
        "MB: a question waits for what it reads from the disk."
    )


def write_growth(folder: Path, machine: dict[str, str], rows: Sequence[dict[str, Any]]) -> None:
    """Write the table and the plot of growth: growth.md and growth.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    about = "\n".join(f"{name}: {value}  " for name, value in machine.items())
    told = [growth_table(rows), growth_generated(rows), growth_sentence(rows), growth_on_disk(rows)]
    parts = ["# How it grows", about, *filter(None, told), "![The same as curves](growth.svg)"]
    (folder / "growth.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    draw_growth(folder / "growth.svg", rows)


def draw_growth(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Draw growth as curves, both axes logarithmic; the same file from the same figures."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4.5), layout="constrained")
    sizes = [row["size"] for row in rows]
    for axes, unit, curves in ((left, "seconds", _TIMES), (right, "MB", _SIZES)):
        for name, label, factor, mark in curves:
            axes.plot(sizes, [factor * row[name] for row in rows], mark, label=label)
        axes.set(xscale="log", yscale="log", xlabel="decisions", ylabel=unit)
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
