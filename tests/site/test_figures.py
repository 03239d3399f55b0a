"""Each kind of figure draws what its text says, within a phone's width, and refuses what it cannot draw."""

import gzip
import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect
from pymdownx.superfences import SuperFencesException

from tools import figures, interactive, llms, shapes
from tools.model import INCLUDE, LANGUAGES, ROOT, Project
from tools.picture import Case, Spec

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [
    (f"{page.name}#{section.id}", INCLUDE.sub(llms.included, source))
    for page in Project().all_pages()
    for section in page.sections
    for source in re.findall(r"^```figure\n(.*?)^```$", section.text, re.DOTALL | re.MULTILINE)
]


def draw(source: str) -> ElementTree.Element:
    """Draw one fence; return its SVG."""
    svg = ElementTree.fromstring(figures.fence(source, "figure", "figure", {}, None)).find(f"{SVG}svg")
    assert svg is not None
    return svg


def test_there_are_ten_in_each_language() -> None:
    """At least ten figures a language."""
    for language in LANGUAGES:
        assert sum(where.startswith(f"docs/{language}/") for where, _ in FIGURES) >= 10


@pytest.mark.parametrize(("where", "source"), FIGURES, ids=[where for where, _ in FIGURES])
def test_draws_within_its_width(where: str, source: str) -> None:
    """No text or box of any figure on the site leaves the picture, and it has a text of its own."""
    svg = draw(source)
    assert svg.get("aria-label"), where
    for text in svg.iter(f"{SVG}text"):
        if "rotate" in text.get("transform", ""):
            continue  # written upwards
        wide = shapes.text_width(text.text or "") * float(text.get("font-size", "nan")) / shapes.SIZE
        left = float(text.get("x", "nan"))
        left -= {"middle": wide / 2, "end": wide}.get(text.get("text-anchor", ""), 0)
        assert left >= -2, f"{where}: “{text.text}” begins {-left:.0f} px outside"
        assert left + wide <= shapes.WIDTH + 2, f"{where}: “{text.text}” is too long"
    for box in svg.iter(f"{SVG}rect"):
        assert 0 <= float(box.get("x", "nan")) <= shapes.WIDTH, where


def test_a_label_is_text_not_markup() -> None:
    """What a label says cannot become markup."""
    svg = draw("kind: flow\ntitle: a < b & c\nsteps: ['x < y & z']")
    assert svg.get("aria-label") == "a < b & c"
    assert [text.text for text in svg.iter(f"{SVG}text")] == ["x < y & z"]


@pytest.mark.parametrize(
    "spec",
    [
        "kind: flow\nsteps: [{a: [b, c ✗]}]",
        "kind: sequence\nlanes: {a: A, b: B}\nsteps: [a > b: b, a > b: c ✗]",
    ],
)
def test_what_goes_wrong_is_red(spec: str) -> None:
    """The text that says so, and its arrow; the ✗ stays, for who sees no red."""
    svg = draw(f"{spec}\ntitle: x")
    red = [text.text for text in svg.iter(f"{SVG}text") if "wrong" in (text.get("class") or "")]
    assert red == ["c ✗"]
    assert [
        "failed" in (line.get("class") or "")
        for line in svg.iter()
        if "line" in (line.get("class") or "").split()
    ] == [False, True]


def test_lines_break_between_han_and_between_words() -> None:
    """A long label is broken between Han characters and between words, never inside a word."""
    assert shapes.wrap("one two", 50) == ["one", "two"]
    assert shapes.wrap("一二三四", 30) == ["一二", "三四"]
    assert shapes.wrap("identifier", 10) == ["identifier"]


@pytest.mark.parametrize(
    "source",
    ["kind: pie\ntitle: x", "kind: flow\nsteps: [a]", "kind: flow\ntitle: x", "- not a mapping", "a: b: c"],
)
def test_refuses(source: str) -> None:
    """A fence that cannot be drawn stops the build, with its text."""
    with pytest.raises(SuperFencesException, match="a figure needs"):
        draw(source)


# The figures that can be touched: page, and the snippet whose output it shows.
TOUCHED = {
    "aiohttp/middleware": "aiohttp/middleware/onion.py",
    "asyncio/event-loop": "asyncio/event_loop/lanes.py",
    "asyncio/tasks": "asyncio/tasks/caller.py",
    "http/caching": "http/caching/side_by_side.py",
    "server/index": "server/index/journey.py",
    "server/origin-check": "server/origin_check/checks.py",
    "server/routes": "server/routes/answered_by.py",
    "server/view": "server/view/checks.py",
    "server/websocket": "server/websocket/one_name.py",
}
HOME = {"zh": "", "en": "en/"}
SCRIPT = ROOT / "docs/theme/assets/javascripts/figure.js"
EACH = [(path, language) for path in TOUCHED for language in LANGUAGES]


def spec_of(path: str, language: str) -> Spec:
    """Return the fence of the figure that can be touched."""
    name = f"docs/{language}/{path}.md"
    specs = [yaml.safe_load(source) for where, source in FIGURES if where.startswith(f"{name}#")]
    (found,) = [spec for spec in specs if spec["kind"] in interactive.KINDS]
    return dict(found)


def cases_of(path: str, language: str) -> dict[str, Case]:
    """Return what that figure can show."""
    spec = spec_of(path, language)
    return interactive.KINDS[spec["kind"]](spec).cases


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    """Open a page for a reader who wants no movement."""
    page = browser.new_page(reduced_motion="reduce")
    yield page
    page.close()


def open_figure(page: Page, address: str, path: str, language: str) -> Locator:
    """Open a page; return its figure that can be touched."""
    page.goto(f"{address}{HOME[language]}{path.removesuffix('/index')}/")
    return page.locator("figure.interactive")


def shown(figure: Locator) -> str:
    """Return the picture as it is seen."""
    return str(
        figure.locator("svg").evaluate("""svg => [...svg.querySelectorAll("rect, line, circle, text")]
          .filter(one => !one.closest("[display=none]"))
          .map(one => one.outerHTML + (one.closest(".marker")?.style.transform ?? "")).join("\\n")""")
    )


@pytest.mark.parametrize(("path", "language"), EACH)
def test_a_figure_shows_the_whole_trace(path: str, language: str) -> None:
    """Its trace is a snippet's output, and each case of it can be chosen."""
    spec = spec_of(path, language)
    assert spec["trace"] == Project().output(TOUCHED[path])
    picture = interactive.KINDS[spec["kind"]](spec)
    assert list(picture.cases) == [str(name) for name in spec["cases"]]
    assert str(spec["shown"]) in picture.cases


def test_the_last_words_of_the_onion_are_those_of_the_trace() -> None:
    """Of the four handlers, only the one that returns is said to give the client the headers."""
    spec = spec_of("aiohttp/middleware", "en")
    said = {name: " ".join(case.says) for name, case in interactive.onion(spec).cases.items()}
    assert [name for name, words in said.items() if "X-Log X-Tag" in words] == ["returned"]
    assert [name for name, words in said.items() if "too late" in words] == ["streamed", "websocket"]
    assert [name for name, words in said.items() if "exception" in words] == ["raised"]


def test_the_last_words_of_the_names_are_those_of_the_trace() -> None:
    """Whoever leaves, the name goes; only who connects anew gets messages again."""
    said = {
        name: case.says[-1]
        for name, case in interactive.names(spec_of("server/websocket", "en")).cases.items()
    }
    assert [name for name, words in said.items() if "gets the message" in words] == ["anew"]
    assert [name for name, words in said.items() if "gets nothing" in words] == ["older", "newer"]
    assert [name for name, words in said.items() if "nobody" in words] == ["older", "newer"]


WALKS = [(path, language) for path, language in EACH if spec_of(path, language)["kind"] == "walk"]


@pytest.mark.parametrize(("path", "language"), WALKS)
def test_a_walk_leads_where_the_trace_ends(path: str, language: str) -> None:
    """The trace's status is in the box that comes last and in the last words; a check not met stays grey."""
    spec = spec_of(path, language)
    drawn = ElementTree.fromstring(interactive.figure(spec))
    cases = [group for group in drawn.iter(f"{SVG}g") if group.get("class") == "case"]
    for row, group, case in zip(
        spec["trace"].splitlines(), cases, cases_of(path, language).values(), strict=True
    ):
        *events, result = row.partition(": ")[2].split(", ")
        status = result.split()[0]
        colours = [step for step in group if step.get("data-from")]
        words = ["".join(text.text or "" for text in step.iter(f"{SVG}text")) for step in colours]
        assert status in words[-1], row
        assert status in case.says[-1], row
        kinds = [str(box.get("class")).split()[1:] for step in colours for box in step.iter(f"{SVG}rect")]
        assert kinds == [["met"]] * len(events) + [["end", "bad"] if int(status) >= 400 else ["end"]], row
        assert len(case.says) == len(case.path) == len(events) + 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_of_the_circuit_names_who_acts_where(language: str) -> None:
    """The words name the trace's thread, whose frame alone is marked; the last ones say how it ended."""
    spec = spec_of("server/index", language)
    drawn = ElementTree.fromstring(interactive.figure(spec))
    cases = [group for group in drawn.iter(f"{SVG}g") if group.get("class") == "case"]
    frames = {box.get("y"): box for box in drawn.iter(f"{SVG}rect") if box.get("class") == "layer"}
    tops = dict(zip(("loop", "worker"), frames, strict=True))
    for row, group in zip(spec["trace"].splitlines(), cases, strict=True):
        name, _, events = row.partition(": ")
        case = cases_of("server/index", language)[name]
        for step, (event, said) in enumerate(zip(events.split(", "), case.says, strict=True)):
            thread = event.split()[2]
            named = [one for one in tops if said.startswith(spec["names"][one].capitalize())]
            marked = [
                box.get("y")
                for one in group
                if step == int(one.get("data-from", -1))
                for box in one.iter(f"{SVG}rect")
                if box.get("class") == "acting"
            ]
            assert named == [one for one in (thread,) if one != "client"], said
            assert marked == [tops[one] for one in named], said
        end = events.split()[-3]
        assert {"deletes": "POST /queue"}.get(end, end) in case.says[-1], row


@pytest.mark.parametrize(("path", "language"), EACH)
def test_on_its_page(still: Page, address: str, path: str, language: str) -> None:
    """A page takes longer to open than to look at, so that all is looked at in one."""
    figure, cases = open_figure(still, address, path, language), cases_of(path, language)
    words_are_in_the_language_of_the_page(figure, language)
    each_choice_and_each_step_shows_something_else(still, figure, cases)
    nothing_moves_around_it(still, figure, cases)
    in_print_only_the_picture_is_seen(still, figure)


def words_are_in_the_language_of_the_page(figure: Locator, language: str) -> None:
    """Labels, choices and sentences: Chinese on the Chinese page, none on the English one."""
    words = figure.locator("legend, figcaption, output, .step").all_inner_texts()
    words += [figure.get_attribute("data-says") or "", figure.locator("svg").inner_html()]
    for one in words:
        assert bool(re.search(r"[\u4e00-\u9fff]", one)) == (language == "zh"), one


def each_choice_and_each_step_shows_something_else(
    page: Page, figure: Locator, cases: dict[str, Case]
) -> None:
    """By keyboard alone: the arrows choose, and move through the steps; what is said changes as well."""
    assert figure.locator("svg").get_attribute("aria-label")
    radios, steps, says = figure.get_by_role("radio"), figure.get_by_role("slider"), figure.locator("output")
    seen = set[str]()
    figure.locator("input:checked").focus()
    for _ in range(radios.count()):
        page.keyboard.press("ArrowRight")
        number = int(figure.locator("input:checked").input_value())
        chosen = list(cases.values())[number]
        expect(figure.locator(".case").nth(number)).to_be_visible()
        expect(says).to_have_text(chosen.says[-1])
        seen.add(shown(figure))
    assert len(seen) == radios.count() == len(cases)
    steps.focus()
    page.keyboard.press("Home")
    expect(says).to_have_text(chosen.says[0])
    pictures = [shown(figure)]
    for said in chosen.says[1:]:
        page.keyboard.press("ArrowRight")
        expect(says).to_have_text(said)
        pictures.append(shown(figure))
    changes = sum(one != other for one, other in pairwise(pictures))
    assert changes >= len(chosen.says) - 3  # a message that arrives in a handler moves nothing


# Go through each step of each case; return the words at which the height changes or which are cut.
MOVES = """async (figure, cases) => {
  const range = figure.querySelector("[type=range]"), output = figure.querySelector("output");
  const height = figure.getBoundingClientRect().height, moves = [];
  const look = async (number, words) => {
    const shown = () =>
      output.value === words && !figure.querySelectorAll(".case")[number].hasAttribute("display");
    const end = performance.now() + 60_000;
    while (!shown() && performance.now() < end) await new Promise((done) => setTimeout(done));
    const moved = figure.getBoundingClientRect().height !== height;
    if (moved || !shown() || output.scrollHeight > output.clientHeight) moves.push(words);
  };
  for (const [number, says] of cases.entries()) {
    figure.querySelectorAll("[type=radio]")[number].click();
    await look(number, says.at(-1));
    for (const [step, words] of says.entries()) {
      range.value = step;
      range.dispatchEvent(new Event("input", { bubbles: true }));
      await look(number, words);
    }
  }
  return moves;
}"""


def nothing_moves_around_it(page: Page, figure: Locator, cases: dict[str, Case]) -> None:
    """It is as high at each step of each choice, and within the page, on a phone and on a desk."""
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        box = figure.bounding_box()
        assert box
        assert figure.evaluate(MOVES, [case.says for case in cases.values()]) == []
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def in_print_only_the_picture_is_seen(page: Page, figure: Locator) -> None:
    """Paper has no controls."""
    expect(figure.locator("form")).to_be_visible()
    page.emulate_media(media="print")
    expect(figure.locator("form")).to_be_hidden()
    expect(figure.locator("svg")).to_be_visible()


@pytest.mark.parametrize("path", TOUCHED)
def test_without_a_script_one_case_is_seen(browser: Browser, address: str, path: str) -> None:
    """The picture is there, its controls are not."""
    context = browser.new_context(java_script_enabled=False)
    figure = open_figure(context.new_page(), address, path, "zh")
    expect(figure.locator("form")).to_be_hidden()
    expect(figure.locator("svg")).to_be_visible()
    assert figure.locator(".case:not([display])").count() == 1
    context.close()


def test_a_choice_is_played_to_its_end(page: Page, address: str) -> None:
    """After a choice the dot goes from the first step to the last by itself; touching the slider stops it."""
    page.clock.install()
    figure = open_figure(page, address, "aiohttp/middleware", "en")
    slider = figure.get_by_role("slider")
    figure.get_by_role("radio", name="stream").check()
    expect(figure.locator(".case").nth(2)).to_be_visible()
    page.clock.run_for(60_000)
    says = cases_of("aiohttp/middleware", "en")["streamed"].says
    expect(slider).to_have_value(str(len(says) - 1))
    expect(figure.locator("output")).to_have_text(says[-1])
    figure.get_by_role("radio", name="WebSocket").check()
    expect(figure.locator(".case").nth(3)).to_be_visible()
    slider.fill("1")
    page.clock.run_for(60_000)
    expect(slider).to_have_value("1")


def test_the_button_plays_and_stops(page: Page, address: str) -> None:
    """It goes from the first step to the last; a second press stops it, and it says that it plays.

    A press right after a choice, which plays too, does not stop it.
    """
    page.clock.install()
    figure = open_figure(page, address, "aiohttp/middleware", "en")
    slider, button = figure.get_by_role("slider"), figure.get_by_role("button", name="Play")
    last = str(slider.get_attribute("max"))
    button.click()
    expect(slider).to_have_value("0")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(60_000)
    expect(slider).to_have_value(last)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    page.clock.run_for(700)
    expect(slider).to_have_value("1")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.clock.run_for(60_000)
    expect(slider).to_have_value("1")
    figure.get_by_role("radio").last.check()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(60_000)
    expect(slider).to_have_value(str(slider.get_attribute("max")))


def test_the_script_comes_with_the_first_touch(page: Page, address: str) -> None:
    """No page asks for it before; it is at most 3 KB, compressed."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    figure = open_figure(page, address, "http/caching", "en")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith("figure.js")]
    figure.get_by_role("radio", name="never").check()
    expect(figure.get_by_role("slider")).to_have_value("7", timeout=60_000)
    assert len([url for url in asked if url.endswith("figure.js")]) == 1
    assert len(gzip.compress(SCRIPT.read_bytes())) <= 3 * 1024


def test_after_another_page_it_can_be_touched_as_well(page: Page, address: str) -> None:
    """Material's instant navigation brings a page without its scripts."""
    page.goto(f"{address}en/aiohttp/middleware-classes/")
    page.locator(".md-footer a[href$='/middleware/']").first.click()
    page.wait_for_url("**/aiohttp/middleware/**")
    figure = page.locator("figure.interactive")
    figure.get_by_role("slider").fill("0")
    expect(figure.locator("output")).to_have_text("The client sends a request.")
