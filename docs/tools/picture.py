"""What a figure that can be touched shows: cases, and in each the shapes that come and go by steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import drawsvg as draw

Spec = dict[str, Any]
Drawn = list[draw.DrawingElement]


@dataclass
class Case:
    """What one choice shows: what is said at each step, the shapes, and where the marker is."""

    says: list[str] = field(default_factory=list)
    shapes: Drawn = field(default_factory=list)
    path: list[tuple[float, float]] = field(default_factory=list)

    def add(self, shapes: Iterable[draw.DrawingElement], since: int, until: int | None = None) -> None:
        """Show shapes from a step on, or until another."""
        hidden = {} if until is None else {"data_to": until, "display": "none"}
        self.shapes.append(draw.Group(list(shapes), data_from=since, **hidden))


@dataclass
class Picture:
    """What a kind draws: the ground of all cases, each case by its name in the trace, what marks the step."""

    height: float
    ground: Drawn
    cases: dict[str, Case]
    marker: Callable[[], Drawn] = list


def row_of(line: str) -> tuple[str, str]:
    """Split a row of a trace into its case and the rest."""
    case, _, rest = line.partition(": ")
    return case, rest
