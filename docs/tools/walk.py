"""Draw a walk: checks below each other, and the way that a request, or whatever the case is, takes."""

import drawsvg as draw

from tools.picture import Case, Drawn, Picture, Spec, row_of
from tools.shapes import LINE, WIDTH, arrow, label, wrap, wrong

LEFT, WIDE = 9.0, 218.0  # where a check stands
GO, DOWN, APART = 52.0, 28.0, 8.0  # how long the arrow out of it is, and the one to the next; between exits
OUT = LEFT + WIDE + GO  # where an exit stands


def walk(spec: Spec) -> Picture:
    """Draw checks, and which of them a case meets: a row is `case: check answer detail …, …, result`.

    `steps` are the checks; the answers of which `exits` has `check answer` leave to the right, the other
    one goes on, after the last check to `end`. `says` has words for each answer and result.
    """
    rows = {case: row.split(", ") for case, row in map(row_of, spec["trace"].splitlines())}
    events = [event.split() for row in rows.values() for event in row[:-1]]
    place: dict[str, tuple[float, float]] = {}  # of each check, each exit and the end: top, height
    goes_on: dict[str, str] = {}
    room: dict[str, float] = {}  # below the text of a check, for what it looks at
    y = 2.0
    for check, text in spec["steps"].items():
        outs = [out for out in spec["exits"] if out.split()[0] == check]
        goes_on[check] = next(one for one in spec["answers"] if f"{check} {one}" not in outs)
        looks = [" ".join(details) for name, _, *details in events if name == check]
        room[check] = max(high(look, WIDE) - 16 if look else 0 for look in ["", *looks])
        needs = [high(spec["exits"][out], WIDTH - OUT - 1) for out in outs]
        all_outs = sum(needs) + APART * (len(outs) - 1)
        height = max(high(text, WIDE) + room[check], all_outs)
        place[check] = y, height
        top = y + (height - all_outs) / 2
        for out, need in zip(outs, needs, strict=True):
            place[out] = top, need
            top += need + APART
        y += height + DOWN
    place["end"] = y, high(spec["end"], WIDE)

    def asked(check: str, kind: str, *details: str) -> Drawn:
        (top, height), below = place[check], room[check]
        middle, look = LEFT + WIDE / 2, top + height - 8 - below / 2
        return [
            draw.Rectangle(LEFT, top, WIDE, height, rx=5, class_=f"box {kind}"),
            *label(spec["steps"][check], middle, top + (height - below) / 2, WIDE - 24, f"in-{kind}"),
            *(label(" ".join(details), middle, look, WIDE - 24, "code") if details else ()),
        ]

    def way(check: str, answer: str) -> Drawn:
        out, said = f"{check} {answer}", spec["answers"][answer]
        if out in place:
            along = place[out][0] + place[out][1] / 2
            right = arrow(LEFT + WIDE, along, OUT, along)
            return [*right, *label(said, LEFT + WIDE + GO / 2 - 1, along - 11, GO, "said")]
        top, middle = sum(place[check]), LEFT + WIDE / 2
        down = arrow(middle, top, middle, top + DOWN)
        return [*down, *label(said, middle + 10, top + DOWN / 2 - 1, WIDE, "said", "start")]

    def result(out: str, kind: str) -> Drawn:
        text, x, wide = spec["end"], LEFT, WIDE
        if out in spec["exits"]:
            text, x, wide = spec["exits"][out], OUT, WIDTH - OUT - 1
        top, height = place[out]
        return [
            draw.Rectangle(x, top, wide, height, rx=5, class_=f"box {kind}" + wrong(text, " bad")),
            *label(text, x + wide / 2, top + height / 2, wide - 24, f"in-{kind}"),
        ]

    ground: Drawn = result("end", "ahead")
    for check, answer in goes_on.items():
        ground += [*asked(check, "ahead"), *way(check, answer)]
    for out in spec["exits"]:
        check, answer = out.split()
        ground += [*way(check, answer), *result(out, "ahead")]
    picture = Picture(sum(place["end"]) + 2, ground, {}, lambda: [draw.Circle(0, 0, 8, class_="dot")])
    for name, (*met, status) in rows.items():
        case = picture.cases[name] = Case()
        out = "end"
        for step, event in enumerate(met):
            check, answer, *details = event.split()
            out = f"{check} {answer}"
            case.add([draw.Group(way(check, answer), class_="passed"), *asked(check, "met", *details)], step)
            case.path.append((LEFT, place[check][0] + place[check][1] / 2))
            case.says.append(spec["says"][out].format(*details))
        out = out if out in spec["exits"] else "end"
        case.add(result(out, "end"), len(met))
        case.path.append((LEFT if out == "end" else OUT, place[out][0] + place[out][1] / 2))
        case.says.append(spec["says"][status])
    return picture


def high(text: str, width: float) -> float:
    """Return how high a box has to be for its text."""
    return LINE * len(wrap(text, width - 24)) + 16
