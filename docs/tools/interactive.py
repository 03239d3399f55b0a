"""Draw the figures that can be touched: each shows what a snippet measured, its output, included as `trace`.

All that a figure can show is drawn here; `theme/assets/javascripts/figure.js` only shows and hides it.
A shape belongs to a case, and in it to the steps from `data-from` to `data-to`; without a script, one sees
the last step.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from html import escape

import drawsvg as draw

from tools.circuit import circuit
from tools.model import HAN
from tools.picture import Case, Drawn, Picture, Spec, row_of
from tools.shapes import LINE, WIDTH, arrow, box, label, text_width
from tools.walk import walk


def onion(spec: Spec) -> Picture:
    """Draw a request's way through layers: a row is `case: Layer in, handler, Layer out, send X-…`."""
    rows = {case: events.split(", ") for case, events in map(row_of, spec["trace"].splitlines())}
    layers = [event.removesuffix(" in") for event in next(iter(rows.values())) if event.endswith(" in")]
    client, strip, inwards, outwards = 78, 112, 104, 136
    edge = {layer: client + 8 + number * strip for number, layer in enumerate(layers)}
    core = client + 8 + len(layers) * strip
    ground: Drawn = []
    for number, (layer, x) in enumerate(edge.items()):
        y = 2 + number * 30
        frame = WIDTH - 2 - number * 8 - x
        ground.append(draw.Rectangle(x, y, frame, 208 - 2 * y, rx=10, class_=f"layer depth-{number}"))
        ground += label(layer, x + strip / 2 - 4, y + 17, strip, "name")
    ground += box("", core, 62, WIDTH - 24 - core, 112)
    ground += label(spec["handler"], (core + WIDTH - 24) / 2, 80, WIDTH - 24 - core, "name")
    ground += box(spec["client"], 2, 86, client - 10, 86)
    picture = Picture(208 + 2 * LINE, ground, {}, lambda: [draw.Circle(0, 0, 8, class_="dot")])
    for name, events in rows.items():
        case = picture.cases[name] = Case([spec["says"]["start"]], [], [(client - 8, inwards)])
        sent = ""
        for step, event in enumerate(events, 1):
            what, _, which = event.partition(" ")
            layer, verb = (what, which) if what in edge else ("", what)
            verb = "late" if verb == "out" and sent else verb
            before = case.path[-1]
            if layer:
                case.path.append((edge[layer] + strip / 2, inwards if verb == "in" else outwards))
            elif verb == "handler":
                case.path.append((core + 46, 120))
            elif verb == "send" and events[step - 2] != "handler":
                case.path.append((client - 8, outwards))
            else:
                case.path.append(before)
            kind = "line failed" if events[step - 1].endswith("skipped") else "line"
            case.add([draw.Line(*before, *case.path[-1], class_=kind)], step)
            if verb in ("out", "late", "skipped"):
                mark = spec["marks"][verb].format(layer)
                case.add(label(mark, edge[layer] + strip / 2, 160, strip - 8, verb), step)
            if verb == "send":
                sent = which or spec["none"]
                got = label(spec["got"].format(sent), 2, 226, WIDTH, "code" if which else "late", "start")
                straight = arrow(core, 186, 40, 186, "back") if case.path[-1] == before else []
                up = arrow(40, 186, 40, 172, "back") if case.path[-1] == before else []
                case.add([*got, *straight, *up], step)
            if verb in ("message", "closed"):
                y = 146 if verb == "message" else 164
                case.add(label(which or spec["closed"], (core + WIDTH - 24) / 2, y, 100, "code"), step)
            case.says.append(spec["says"][verb].format(layer or sent or which))
    return picture


def lanes(spec: Spec) -> Picture:
    """Draw tasks on one thread: a row of the trace is `case: A runs 0-1, B waits 0-1, …`, in seconds.

    What a task does is a class of site.css; the legend explains some of them.
    """
    rows = {
        case: [bar_of(bar) for bar in bars.split(", ")]
        for case, bars in map(row_of, spec["trace"].splitlines())
    }
    tasks = sorted({task for bars in rows.values() for task, *_ in bars})
    called = {task: spec.get("names", {}).get(task, task) for task in tasks}
    last = max(end for bars in rows.values() for *_, end in bars)
    left, height = max(24, *(text_width(name) + 10 for name in called.values())), 6 + 40 * len(tasks)
    second = (WIDTH - left - 4) / last
    ground: Drawn = []
    for number, task in enumerate(tasks):
        ground += label(called[task], 0, 20 + number * 40, left, "name", "start")
        ground.append(draw.Line(left, 20 + number * 40, WIDTH, 20 + number * 40, class_="lane"))
    ground += label("0", left, height + 10, 40, "said", "start")
    ground += label(spec["axis"].format(last), WIDTH, height + 10, WIDTH, "said", "end")
    legend = 0.0
    for kind, text in spec["legend"].items():
        ground.append(draw.Rectangle(legend, height + 26, 16, 14, rx=2, class_=kind))
        ground += label(text, legend + 20, height + 33, WIDTH, "said", "start")
        legend += 34 + text_width(text)
    # What is yet to come is covered.
    picture = Picture(
        height + 46,
        ground,
        {},
        lambda: [
            draw.Rectangle(0, 0, WIDTH, height, class_="cover"),
            draw.Line(0, 0, 0, height, class_="now"),
        ],
    )
    for name, bars in rows.items():
        case = picture.cases[name] = Case()
        for task, kind, start, end in bars:
            x, wide = left + start * second, (end - start) * second - 1
            case.shapes.append(draw.Rectangle(x, 6 + tasks.index(task) * 40, wide, 28, rx=3, class_=kind))
        for now in range(last + 1):
            case.path.append((left + now * second, 0))
            doing = {task: kind for task, kind, start, end in bars if start <= now < end}
            over = now >= max(end for *_, end in bars)
            each = [spec["says"][doing.get(task, "pauses")].format(called[task]) for task in tasks]
            said = spec["says"]["done"] if over else spec["and"].join(each)
            case.says.append(spec["says"]["at"].format(now, said))
    return picture


def copies(spec: Spec) -> Picture:
    """Draw loads under several rules: a row is `case rule 200:1000 copy copy! …`; `!` is stale."""
    cases: dict[str, dict[str, list[str]]] = {}
    for row in spec["trace"].splitlines():
        name, rule, *loads = row.split()
        cases.setdefault(name, {})[spec["none"] if rule == "(none)" else rule] = loads
    rules = list(next(iter(cases.values())))
    left, wide, top = 114, 33, 46
    ground: Drawn = [*label(spec["bytes"], WIDTH, 12, 120, "said", "end")]
    loads = next(iter(cases["1"].values()))
    for load in range(len(loads)):
        ground += label(str(load * spec["hours"]), left + (load + 0.5) * wide, 34, wide, "said")
    ground += label(spec["axis"], 0, 34, left, "said", "start")
    for number, rule in enumerate(rules):
        ground += label(rule, 0, top + 18 + number * 36, left + 40, "code", "start")
    picture = Picture(top + 36 * len(rules) + 4, ground, {})
    for name, answers in cases.items():
        case = picture.cases[name] = Case()
        changed = int(name)
        if changed < len(loads):
            x = left + changed * wide - 1
            line = draw.Line(x, 22, x, picture.height, class_="now")
            case.add([line, *label(spec["changed"], x, 12, 120, "late")], changed)
        for load in range(len(loads)):
            total, stale = [], []
            for number, rule in enumerate(rules):
                status, _, size = answers[rule][load].rstrip("!").partition(":")
                old = answers[rule][load].endswith("!")
                stale += [rule] * old
                total.append(
                    sum(int(a.partition(":")[2].rstrip("!") or 0) for a in answers[rule][: load + 1])
                )
                x, y = left + load * wide, top + number * 36
                kind = "stale" if old else "whole" if int(size or 0) else "asked" if size else "kept"
                cell = draw.Rectangle(x, y, wide - 2, 34, rx=3, class_=kind)
                text = spec["old"] if old else "—" if status == "copy" else status
                case.add([cell, *label(text, x + wide / 2 - 1, y + 18, wide, f"on-{kind}")], load)
                until = load if load < len(loads) - 1 else None
                case.add(label(str(total[-1]), WIDTH, y + 18, 60, "code", "end"), load, until)
            said = spec["says"]["stale"].format(spec["and"].join(stale)) if stale else spec["says"]["fresh"]
            case.says.append(spec["says"]["load"].format(load * spec["hours"], said))
    return picture


def names(spec: Spec) -> Picture:
    """Draw who has a name and who gets messages: a row is `case: step / owner / first hears / …, …`."""
    rows = {
        case: [step.split(" / ") for step in steps.split(", ")]
        for case, steps in map(row_of, spec["trace"].splitlines())
    }
    who = list(spec["who"])
    left = max(text_width(text) for text in (spec["owner"], *spec["who"].values())) + 12
    wide, top = (WIDTH - left) / max(map(len, rows.values())), 48
    y = {row: top + 38 * number for number, row in enumerate(["owner", *who])}
    ground: Drawn = []
    for one in who:
        ground += label(spec["who"][one], 0, y[one] + 17, left, "name", "start")
    ground += label(spec["owner"], 0, y["owner"] + 17, left, "code", "start")
    picture = Picture(top + 38 * len(y), ground, {})
    for name, steps in rows.items():
        case = picture.cases[name] = Case()
        for number, (step, owner, *hears) in enumerate(steps):
            x = left + number * wide
            heard = dict(one.split() for one in hears)
            kinds = {one: "whole" if what == "hears" else "stale" for one, what in heard.items()}
            texts = {one: spec[what] for one, what in heard.items()} | {
                "owner": spec["who"].get(owner, spec["free"])
            }
            shapes: Drawn = [*label(spec["steps"][step], x + wide / 2, 20, wide - 4, "said")]
            for row, text in texts.items():
                kind = kinds.get(row, "asked" if owner in who else "kept")
                shapes.append(draw.Rectangle(x, y[row], wide - 2, 34, rx=3, class_=kind))
                shapes += label(text, x + wide / 2 - 1, y[row] + 17, wide, f"on-{kind}")
            case.add(shapes, number)
            says = spec["says"]
            said = [says[what].format(spec["who"][one]) for one, what in heard.items()] or [says["nobody"]]
            has = says["has" if owner in who else "none"].format(spec["who"].get(owner))
            case.says.append(says["step"].format(spec["steps"][step], has, spec["and"].join(said)))
    return picture


def bar_of(text: str) -> tuple[str, str, int, int]:
    """Read `A runs 0-1`."""
    task, kind, span = text.split()
    start, end = span.split("-")
    return task, kind, int(start), int(end)


DRAWN = (onion, lanes, copies, names, walk, circuit)
KINDS: dict[str, Callable[[Spec], Picture]] = {function.__name__: function for function in DRAWN}


def figure(spec: Spec) -> str:
    """Return the picture, with one case shown, and below it a form to choose another case and a step."""
    picture = KINDS[spec["kind"]](spec)
    drawing = draw.Drawing(WIDTH, round(picture.height))
    drawing.extend(picture.ground)
    names = {str(name): text for name, text in spec["cases"].items()}
    shown = str(spec["shown"])
    for name in names:
        drawing.append(group(picture, picture.cases[name], hidden=name != shown))
    title = escape(spec["title"])
    svg = drawing.as_svg(header="").replace("<svg", f'<svg role="img" aria-label="{title}"', 1)
    says = escape(json.dumps([picture.cases[name].says for name in names], ensure_ascii=False))
    return (
        f'<figure class="figure interactive {spec["kind"]}" data-says="{says}">{svg}'
        f"{form(spec, names, picture.cases[shown].says)}<figcaption>{title}</figcaption></figure>"
    )


def group(picture: Picture, case: Case, *, hidden: bool) -> draw.Group:
    """Draw one case; its marker stands at the last step."""
    shapes = list(case.shapes)
    if case.path:
        x, y = case.path[-1]
        path = " ".join(f"{x:.0f},{y:.0f}" for x, y in case.path)
        place = f"translate({x:.0f}, {y:.0f})"  # no style: a strict policy lets none stand in the page
        shapes.append(draw.Group(picture.marker(), class_="marker", data_path=path, transform=place))
    return draw.Group(shapes, class_="case", **({"display": "none"} if hidden else {}))


def form(spec: Spec, names: dict[str, str], says: list[str]) -> str:
    """Return the choices, the steps and what is said of the step, in native elements."""
    group = "figure-" + sha256(spec["title"].encode()).hexdigest()[:8]
    checked = {str(spec["shown"]): 'checked="checked" '}
    choices = "".join(
        f'<label><input type="radio" name="{group}" value="{number}" {checked.get(name, "")}/>'
        f" {escape(str(text))}</label>"
        for number, (name, text) in enumerate(names.items())
    )
    last = len(says) - 1
    play = "播放" if HAN.search(spec["title"]) else "Play"
    return (
        f'<form autocomplete="off"><fieldset><legend>{escape(spec["choose"])}</legend>{choices}</fieldset>'
        f'<div class="step"><button type="button" aria-label="{play}" aria-pressed="false"></button>'
        f"<label>{escape(spec['step'])} "
        f'<input type="range" min="0" max="{last}" value="{last}" /></label></div>'
        f"<output>{escape(says[-1])}</output></form>"
    )
