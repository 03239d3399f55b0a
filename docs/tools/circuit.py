"""Draw a circuit: what goes down on the left and comes back up on the right, from one box to the next."""

import drawsvg as draw

from tools.picture import Case, Drawn, Picture, Spec, row_of
from tools.shapes import WIDTH, arrow, label

DOWN, UP, GAP = WIDTH * 0.12, WIDTH * 0.57, 46.0  # where the arrows are, and how long
HIGH, HEAD, SIDE = 44.0, 28.0, 10.0  # of a box; what a frame has above its boxes, and beside them


def circuit(spec: Spec) -> Picture:
    """Draw boxes, and where a case is at each step: a row is `case: box deed thread count, …`.

    `rows` are `[box, box]` or `{thread: [box, box]}`, with `down` and `up` between them; `names` says what
    a box or a thread is called, `counts` what a box holds, `gets` what the first box gets back: a status
    beside the way down, anything else by the way up. After one of `leaves` the marker is gone.
    """
    rows = [next(iter(row.items())) if isinstance(row, dict) else ("", row) for row in spec["rows"]]
    line: dict[str, int] = {}  # of each box
    place: dict[str, tuple[float, float, float]] = {}  # of each box: left, top, width
    frame: dict[str, tuple[float, float]] = {}  # of each thread: top, height
    tops: list[tuple[float, float]] = []  # of each row: top, bottom
    ground: Drawn = []
    y = 2.0
    for number, (thread, boxes) in enumerate(rows):
        head, side = (HEAD, SIDE) if thread else (0.0, 0.0)
        bottom = y + head + HIGH + side
        if thread:
            frame[thread] = y, bottom - y
            ground.append(draw.Rectangle(1, y, WIDTH - 2, bottom - y, rx=10, class_="layer"))
            ground += label(spec["names"][thread], WIDTH / 2, y + 15, WIDTH - 20, "name")
        wide = (WIDTH - 2 - 2 * side + 12) / len(boxes)
        for column, name in enumerate(boxes):
            line[name], place[name] = number, (1 + side + column * wide, y + head, wide - 12)
        tops.append((y, bottom))
        y = bottom + GAP

    def drawn(name: str, kind: str) -> Drawn:
        x, top, wide = place[name]
        text = spec["names"].get(name, name)
        middle = top + (14 if name in spec["counts"] else HIGH / 2)
        return [
            draw.Rectangle(x, top, wide, HIGH, rx=5, class_=f"box {kind}"),
            *label(text, x + wide / 2, middle, wide - 12, "in-ahead" if kind == "ahead" else ""),
        ]

    def way(above: int, x: float) -> Drawn:
        ends = tops[above][1], tops[above + 1][0]
        return list(arrow(x, ends[0], x, ends[1]) if x == DOWN else arrow(x, ends[1], x, ends[0]))

    for name in line:
        ground += drawn(name, "ahead")
    for above, (goes, comes) in enumerate(zip(spec["down"], spec["up"], strict=True)):
        middle = tops[above][1] + (GAP / 2 if above else 14)
        ground += [*way(above, DOWN), *label(goes, DOWN + 8, middle, WIDTH * 0.42, "said", "start")]
        ground += [*way(above, UP), *label(comes, UP + 8, middle, WIDTH * 0.42, "said", "start")]
    picture = Picture(y - GAP + 2, ground, {}, lambda: [draw.Circle(0, 0, 8, class_="dot")])
    for name, events in map(row_of, spec["trace"].splitlines()):
        case = picture.cases[name] = Case()
        steps = [event.split() for event in events.split(", ")]
        where = [steps[0][0]]
        for step, (at, deed, thread, count) in enumerate(steps):
            until = step if step < len(steps) - 1 else None
            back = at == steps[0][0] and deed.isdigit()  # an answer; what was posted stays where it is
            where.append(where[-1] if back else at)
            old, new = line[where[-2]], line[where[-1]]
            passed = [shape for above in range(old, new) for shape in way(above, DOWN)]
            passed += [shape for above in range(new, old) for shape in way(above, UP)]
            if back:
                passed += arrow(DOWN - 16, tops[1][0], DOWN - 16, tops[0][1], "back")
            case.add([draw.Group(passed, class_="passed"), *drawn(where[-1], f"actor-{new}")], step)
            if deed in spec["gets"]:
                x = DOWN if back else UP
                text = label(spec["gets"][deed], x + 8, tops[0][1] + 33, WIDTH * 0.42, "code", "start")
                case.add(text, step)
            for one, text in spec["counts"].items():
                x, top, wide = place[one]
                case.add(label(text.format(count), x + wide / 2, top + 31, wide, "code"), step, until)
            if thread in frame:
                top, height = frame[thread]
                acting = draw.Rectangle(1, top, WIDTH - 2, height, rx=10, class_="acting")
                case.add([acting], step, until)
            x, top, _ = place[where[-1]]
            gone = f"{at} {deed}" in spec["leaves"]
            case.path.append((-20 if gone else x + 16, top + HIGH / 2))
            case.says.append(spec["says"][f"{at} {deed}"].format(count))
    return picture
