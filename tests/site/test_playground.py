"""Run, in Chromium: a page prints what CPython printed, and says plainly what goes wrong."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from mkdocs.exceptions import PluginError
from playwright.sync_api import Browser, Locator, Page, Route, expect

from playground import build
from tests.browser import skip_or_fail
from tests.site.axe import violations
from tests.site.built_site import folder
from tests.site.conftest import PolicyHandler, serving
from tools.model import LANGUAGES, Project

NO_OUTPUT = ("asyncio/coroutines/hello.py",)  # where contributing shows it
FROM_RUN = re.compile(r"/(run|python)-\w+/")
SHARES = 4  # so that several workers share a language
PAGE_LIMIT, RUNTIME_LIMIT, LIBRARIES_LIMIT, PROOFS_LIMIT = 2_000, 7_500_000, 1_000_000, 1_250_000  # bytes
QUICK = "asyncio/coroutines/"  # a page whose snippets need no library
FOLLOW_LINK = """href => {
  const link = document.createElement("a");
  link.href = href;
  document.body.append(link);
  link.click();
}"""
RUN_BLOCKS = """async paths => {
  const pressed = {};
  for (const path of paths) {
    const block = document.querySelector(`[data-run="${path}"]`);
    block.querySelector(".run button:last-of-type").click();
    const end = performance.now() + 60_000;
    while (!block.dataset.outcome && performance.now() < end)
      await new Promise((done) => setTimeout(done, 5));
    const panel = document.querySelector(`[data-out="${path}"]`) ?? block.nextElementSibling;
    const printed = (stream) =>
      [...panel.querySelectorAll(`.run-output .${stream}`)].map((span) => span.textContent).join("\\n");
    const status = panel.querySelector("[role=status]").textContent.replace(/ · [\\d.]+ s/, "");
    pressed[path] = [block.dataset.outcome, status, printed("stdout"), printed("stderr")];
  }
  return pressed;
}"""
SAME = {"zh": "这个浏览器：与测试过的相同 ✓", "en": "This browser: same as tested ✓"}
ENDED = {"zh": "这个浏览器：运行结束", "en": "This browser: Done"}  # where the page shows no output


@pytest.fixture(autouse=True)
def require_run(site: Path) -> None:
    """Skip, or fail on CI, if the site was built without Run."""
    if not list(site.glob("run-*")):
        skip_or_fail("the site was built without Run: the npm registry was out of reach")


@pytest.fixture
def quick_page(page: Page, address: str) -> Page:
    """Open an English page whose snippets need no library."""
    page.goto(f"{address}en/{QUICK}")
    return page


# The part of an address that carries code, as share.js packs it.
PACK = """async (path) => {
  const text = JSON.stringify([path, "print('far down')"]);
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}"""


def note(page: Page) -> Locator:
    """Return what the editor says of its code."""
    return block(page).locator(".run-editor-bar [role=status]")


def block(page: Page) -> Locator:
    """Return the first block of code that can run."""
    return page.locator("[data-run]").first


def press(page: Page, name: str) -> None:
    """Press a button of that block, by what is written on it."""
    block(page).locator(".run button", has_text=re.compile(rf"^(\W+ )?{name}$")).click()


def output(page: Page) -> Locator:
    """Return the panel with the output of that block."""
    return page.locator("[data-out]").first


def printed(page: Page) -> Locator:
    """Return what the reader's run has printed."""
    return output(page).locator(".run-output code")


def run_edited(page: Page, source: str) -> None:
    """Replace the file of that block by other code, and run it."""
    if not block(page).locator("textarea").count():
        press(page, "Edit")
        block(page).locator("textarea").wait_for()
    whole = block(page).get_by_role("button", name=re.compile("^Whole file"))
    if whole.count():
        whole.click()
    block(page).locator("textarea").fill(source)
    press(page, "Run")


def follow(page: Page, address: str) -> None:
    """Go to another page by a link; its address changes while the page before is still shown."""
    page.evaluate(FOLLOW_LINK, address)
    path = address.split("/", 3)[3]
    page.locator(f'link[rel=canonical][href$="/{path}"]').wait_for(state="attached")
    page.locator("article .run").first.wait_for(state="attached")  # it may be folded


def expect_status(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the header of the output contains a text."""
    expect(output(page).locator("[role=status]")).to_contain_text(text)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_snippet_prints_its_output(browser: Browser, address: str, share: int) -> None:
    """Run prints the snippet's tested output, byte for byte, and no error; the page says that it is the same.

    Half of the pages are Chinese, half English: the snippets are the same, and so is what runs them.
    """
    language = LANGUAGES[share % 2]
    project = Project()
    taught = [page for page in project.pages(language).values() if "--8<--" in page.source]
    page = browser.new_page()
    page.goto(address + taught[share].address, wait_until="networkidle")
    pressed: dict[str, list[str]] = {}
    for one in taught[share::SHARES]:
        follow(page, address + one.address)  # so that Python, once started, stays
        shown = page.locator("[data-run]").evaluate_all("blocks => blocks.map(block => block.dataset.run)")
        pressed |= page.evaluate(RUN_BLOCKS, list(dict.fromkeys(shown)))
    page.close()
    assert len(pressed) > 20
    expected = dict[str, list[str]]()
    for path, result in pressed.items():
        lines = (project.output(path) or "").splitlines()
        status = ENDED if result[1] == ENDED[language] and path in NO_OUTPUT else SAME
        expected[path] = ["done", status[language], "\n".join(filter(None, lines)), ""]
    wrong = {path: result for path, result in pressed.items() if result != expected[path]}
    assert not wrong, wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snippet_has_a_button_or_a_reason(site: Path, language: str) -> None:
    """Every snippet can run somewhere in each language, or says why not; 85 in a hundred can."""
    snippets = set(Project().demonstrations())
    html = "".join(
        (site / page.address / "index.html").read_text("utf-8") for page in Project().pages(language).values()
    )
    runs = set(re.findall(r'data-run="([^"]+)"', html))
    cannot = set(re.findall(r'data-run-not="([^"]+)"', html))
    assert runs | set(build.reasons()) == snippets
    assert not runs & set(build.reasons())
    assert cannot == {entry[language] for entry in build.reasons().values()}
    assert len(runs) >= 0.85 * len(snippets)


def test_a_reason_stands_in_place_of_the_button(page: Page, address: str) -> None:
    """Where a snippet cannot run, the reader is told why."""
    page.goto(f"{address}en/git/describe/")
    bar = page.locator("[data-run-not] .run").first
    assert bar.inner_text() == "It needs libgit2, which has no build for the browser."
    assert bar.locator("button").count() == 0


def test_edited_code_runs_and_is_marked(quick_page: Page) -> None:
    """Edited code runs, and its output says so; Close and a reload keep it; a Reset can be undone."""
    page = quick_page
    path = block(page).get_attribute("data-run") or ""
    tested = build.content(Project().snippet(path)).decode()
    run_edited(page, 'import sys\nprint("mine", __name__)\nprint("oh", file=sys.stderr)')
    expect_status(page, re.compile(r"^Edited code: differs in \d+ lines · [\d.]+ s$"))
    expect(printed(page).locator(".stdout")).to_have_text("mine __main__")
    expect(printed(page).locator(".stderr")).to_have_text("oh")
    press(page, "Close")
    press(page, "Edit ●")
    block(page).get_by_role("button", name="Reset", exact=True).click()
    expect_status(page, re.compile("^Tested output$"))  # what the code that is gone printed is gone
    expect(output(page).locator("pre:visible")).to_have_text(Project().output(path) or "")
    block(page).get_by_role("button", name="Undo reset", exact=True).click()
    page.reload()
    editor = block(page).locator("textarea")
    expect(editor).to_have_value(re.compile("mine"))
    expect(editor).not_to_be_focused()
    press(page, "Close")
    expect(editor).to_have_count(0)
    press(page, "Edit ●")
    block(page).get_by_role("button", name="Reset", exact=True).click()
    assert editor.input_value()
    assert editor.input_value() in tested
    block(page).get_by_role("button", name="Undo reset", exact=True).click()
    expect(editor).to_have_value(re.compile("mine"))
    block(page).get_by_role("button", name="Reset", exact=True).click()
    press(page, "Run")
    expect_status(page, re.compile(r"^This browser: same as tested ✓ · [\d.]+ s$"))


def test_what_is_shown_is_what_is_copied(browser: Browser, address: str) -> None:
    """The button at the output copies one's own while that is shown, and the tested one again after that."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}en/{QUICK}")
    copy = output(page).locator(".md-code__button:visible")
    run_edited(page, 'print("mine")')
    expect_status(page, "Edited code: differs")
    copy.click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text === 'mine')")
    output(page).get_by_role("button", name="Tested").click()
    copy.click()
    tested = (output(page).locator("pre:not(.run-output) code").text_content() or "").rstrip()
    page.wait_for_function(
        "tested => navigator.clipboard.readText().then(text => text === tested)", arg=tested
    )
    context.close()


def test_edit_opens_at_the_lines_of_the_block(page: Page, address: str) -> None:
    """The caret is in sight, in the block's own lines, with the colours and numbers of the file."""
    page.goto(f"{address}en/aiohttp/middleware/")
    page.locator("[data-run] .run:visible").first.wait_for()
    blocks = [one for one in page.locator("[data-run][data-lines]").all() if one.is_visible()]
    one = blocks[1]  # the body of `main`: further in than the file begins
    first, last = map(int, (one.get_attribute("data-lines") or "").split("-"))
    path = one.get_attribute("data-run") or ""
    lines = build.content(Project().snippet(path)).decode().splitlines()
    edit = one.locator(".run button").first
    edit.scroll_into_view_if_needed()
    before = edit.bounding_box()
    edit.click()
    editor = one.locator("textarea")
    expect(editor).to_be_focused()
    assert edit.bounding_box() == before or abs(edit.bounding_box()["y"] - before["y"]) < 1  # type: ignore[index]
    assert editor.input_value().splitlines() == lines[first - 1 : last]
    indentation = len(lines[first - 1]) - len(lines[first - 1].lstrip())
    assert indentation > 0
    assert editor.evaluate("editor => editor.selectionStart") == indentation
    page.keyboard.type("x")
    seen = one.locator(".pce-line.active-line").evaluate(
        """line => {
          const box = line.getBoundingClientRect();
          const found = document.elementsFromPoint(box.left + 60, box.top + box.height / 2);
          return [found.some((one) => line.parentElement.contains(one)), line.textContent.trimStart()[0]];
        }"""
    )
    assert seen == [True, "x"]
    assert one.locator(".token.keyword").count()
    assert "--8<--" not in editor.input_value()
    counter = "one => getComputedStyle(one).counterReset"
    assert one.locator(".prism-code-editor").evaluate(counter) == f"line {first - 1}"
    page.keyboard.press("Enter")
    whole = one.get_by_role("button", name="Whole file")
    expect(whole).to_have_text(f"Whole file ({len(lines) + 1} lines)")
    whole.click()
    assert len(editor.input_value().splitlines()) == len(lines) + 1
    box = one.locator(".prism-code-editor").bounding_box()
    height = one.locator(".pce-line").first.bounding_box()
    assert box
    assert height
    assert box["height"] <= 25 * height["height"]


@pytest.mark.parametrize("path", ["", "server/listening/", "asyncio/event-loop/"])
def test_the_editor_holds_what_the_block_shows(page: Page, address: str, path: str) -> None:
    """Also where the block is made of two parts of its file."""
    page.goto(f"{address}en/{path}")
    page.locator("[data-run] .run").first.wait_for()
    blocks = [one for one in page.locator("article [data-run][data-lines]").all() if one.is_visible()]
    assert blocks
    for one in blocks:
        shown = (one.locator("code").first.text_content() or "").split()
        one.locator(".run button").first.click()
        assert set(shown) <= set(one.locator("textarea").input_value().split())


def test_the_failing_line_is_marked_and_linked(quick_page: Page) -> None:
    """The line that a traceback names is tinted in the editor, and a click on it goes there."""
    raising = "raise ValueError('long ' * 60)"
    run_edited(quick_page, "x = 0\n" * 40 + raising)
    expect_status(quick_page, "Edited code: Failed")
    expect(block(quick_page).locator(".run-failed")).to_have_text(f"{raising}\n")
    assert printed(quick_page).evaluate("one => one.scrollWidth <= one.clientWidth")  # a traceback wraps
    link = output(quick_page).get_by_role("button", name="line 41")
    link.click()
    expect(block(quick_page).locator("textarea")).to_be_focused()
    assert block(quick_page).locator("textarea").evaluate("one => one.selectionStart") == 40 * 6


def test_a_line_that_edited_code_prints_otherwise_is_marked(quick_page: Page) -> None:
    """Of several lines the one that differs is marked in both outputs; where each differs, none is."""
    path = block(quick_page).get_attribute("data-run") or ""
    lines = (Project().output(path) or "").splitlines()
    assert len(lines) > 1
    run_edited(quick_page, "\n".join(f"print({line!r})" for line in [*lines[:-1], "mine"]))
    expect_status(quick_page, "Edited code: differs in 1 line")
    expect(printed(quick_page).locator("mark")).to_have_text("mine\n")
    warning = "import sys; print('long ' * 60, file=sys.stderr)"
    run_edited(quick_page, "\n".join([*(f"print({line!r})" for line in lines), warning]))
    expect(printed(quick_page).locator("mark .stderr")).to_be_visible()
    assert printed(quick_page).evaluate("one => one.scrollWidth <= one.clientWidth")  # it wraps
    run_edited(quick_page, "print('all')")
    expect_status(quick_page, "Edited code: differs in")
    expect(printed(quick_page).locator(".stdout")).to_have_text("all")
    expect(printed(quick_page).locator("mark")).to_have_count(0)


def test_what_differs_is_marked(page: Page, address: str) -> None:
    """Where this browser prints something else, the lines are marked, and both outputs can be looked at."""
    page.goto(f"{address}en/{QUICK}")
    page.locator("[data-out] code").first.evaluate("code => { code.textContent += 'one more\\n'; }")
    press(page, "Run")
    expect_status(page, re.compile(r"^This browser: differs in 1 line · [\d.]+ s$"))
    expect(output(page).locator("mark")).to_have_text("one more\n")
    expect(output(page).locator("mark")).to_be_hidden()
    output(page).get_by_role("button", name="Tested", exact=True).click()
    expect(output(page).locator("mark")).to_be_visible()
    sizes = (
        output(page)
        .locator("code")
        .evaluate_all(
            "all => all.map(one => { const style = getComputedStyle(one);"
            " return [style.fontSize, style.lineHeight, style.whiteSpace, style.padding]; })"
        )
    )
    assert sizes[0] == sizes[1]


def test_a_link_carries_edited_code(quick_page: Page) -> None:
    """The copied address opens the editor with the code, elsewhere; it does not run by itself."""
    run_edited(quick_page, "print('shared, 共享')")
    expect_status(quick_page, "Edited code")
    quick_page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }")
    block(quick_page).get_by_role("button", name="Copy link").click()
    expect(block(quick_page).locator(".run-editor-bar [role=status]")).to_contain_text("Copied")
    copied = quick_page.evaluate("window.copied")
    assert "#code=" in copied
    assert len(copied) < 300
    quick_page.evaluate("sessionStorage.clear()")
    quick_page.goto("about:blank")
    quick_page.goto(copied)
    expect(block(quick_page).locator("textarea")).to_have_value("print('shared, 共享')")
    assert output(quick_page).locator(".run-output").count() == 1
    assert printed(quick_page).inner_text() == ""
    expect(note(quick_page)).to_contain_text(re.compile(r"the link's code: \d+ lines differ"))
    expect(block(quick_page).locator(".run-changed")).to_have_text("print('shared, 共享')")
    assert quick_page.url == copied  # who copies the address shares the same
    block(quick_page).locator("textarea").fill("print('later')")
    expect(note(quick_page)).to_contain_text("edited")
    quick_page.reload()
    expect(block(quick_page).locator("textarea")).to_have_value("print('later')")


def test_a_link_leaves_the_readers_own_code(quick_page: Page) -> None:
    """What the reader had made of the same file is one click away, and so is the link's code, then."""
    packed = quick_page.evaluate(PACK, block(quick_page).get_attribute("data-run"))
    here, editor = quick_page.url, block(quick_page).locator("textarea")
    press(quick_page, "Edit")
    editor.fill("print('own')")
    quick_page.goto("about:blank")
    quick_page.goto(f"{here}#code={packed}")
    expect(editor).to_have_value("print('far down')")
    block(quick_page).get_by_role("button", name="Back to my code").click()
    expect(editor).to_have_value(re.compile("print\\('own'\\)"))
    block(quick_page).get_by_role("button", name="The link's code").click()
    expect(editor).to_have_value("print('far down')")
    block(quick_page).get_by_role("button", name="Reset", exact=True).click()
    block(quick_page).get_by_role("button", name="Undo reset").click()
    expect(editor).to_have_value(re.compile("print\\('own'\\)"))


def test_output_of_other_code_than_is_shown_says_so(quick_page: Page) -> None:
    """The tested output, and that of a run, once the code beside it was changed; not if it is as it was."""
    before = re.compile("of the code before this edit$")
    press(quick_page, "Run")
    expect_status(quick_page, re.compile(r"same as tested ✓ · [\d.]+ s$"))
    press(quick_page, "Edit")
    editor = block(quick_page).locator("textarea")
    tested = editor.input_value()
    editor.fill("print('mine')")
    expect_status(quick_page, before)
    editor.fill(tested)
    expect_status(quick_page, re.compile(r"same as tested ✓ · [\d.]+ s$"))
    run_edited(quick_page, "print('mine')")
    expect_status(quick_page, re.compile(r"^Edited code: differs in \d+ lines? · [\d.]+ s$"))
    press(quick_page, "Close")
    expect_status(quick_page, before)
    quick_page.reload()
    expect_status(quick_page, re.compile("^Tested output · of the code before this edit$"))


def test_a_link_leads_to_the_code_that_it_carries(page: Page, address: str) -> None:
    """Also where that code stands far down, or in a folded answer."""
    path = "aiohttp/middleware/timing.py"
    packed = page.goto(f"{address}en/aiohttp/middleware/") and page.evaluate(PACK, path)
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    page.goto(f"{address}en/aiohttp/middleware/#code={packed}")
    editor = page.locator(f'[data-run="{path}"] textarea')
    expect(editor).to_have_value("print('far down')")
    expect(editor).to_be_in_viewport(ratio=1)


def test_a_link_shows_its_first_change(page: Page, address: str) -> None:
    """Also where the file is longer than the editor."""
    page.goto(f"{address}en/asyncio/coroutines/")
    paths = page.locator("[data-run]").evaluate_all("all => all.map((one) => one.dataset.run)")
    path = max(paths, key=lines_of)
    source = build.content(Project().snippet(path)).decode().rstrip() + "\n\n\nprint('at the end')\n"
    packed = page.evaluate(PACK.replace("\"print('far down')\"", json.dumps(source)), path)
    page.goto("about:blank")
    page.goto(f"{address}en/asyncio/coroutines/#code={packed}")
    changed = page.locator(f'[data-run="{path}"] .run-changed', has_text="at the end")
    expect(changed).to_be_in_viewport()
    editor = page.locator(f'[data-run="{path}"] .prism-code-editor')
    assert editor.evaluate("one => one.scrollHeight > one.clientHeight")


def lines_of(path: str) -> int:
    """Return how many lines a snippet has."""
    return len(Project().snippet(path).read_text("utf-8").splitlines())


def test_a_link_to_code_that_is_gone_says_so(page: Page, address: str) -> None:
    """Pages change after a link was sent."""
    packed = page.goto(f"{address}en/aiohttp/middleware/") and page.evaluate(PACK, "aiohttp/gone.py")
    page.goto("about:blank")
    page.goto(f"{address}en/aiohttp/middleware/#code={packed}")
    says = "aiohttp/gone.py, which this page no longer has"
    expect(page.locator(".md-dialog--active")).to_contain_text(says)


def test_a_link_that_was_cut_says_so(page: Page, address: str) -> None:
    """The page is shown as it is, and nobody takes its code for what was sent."""
    page.goto(f"{address}en/asyncio/coroutines/#code=i1ZKLK7MS87M10_OL8ovL")
    expect(page.locator(".md-dialog--active")).to_contain_text("The link is not whole")


def test_a_file_in_two_blocks_runs_where_its_output_stands(page: Page, address: str) -> None:
    """The block before says that it runs below, and leads there; each label names the file."""
    page.goto(f"{address}en/aiohttp/middleware/")
    link = page.locator("[data-below] .run a").first
    assert link.inner_text() == "Runs below ↓"
    link.click()
    path = page.locator("[data-below]").first.get_attribute("data-below")
    target = page.locator(f'[data-run="{path}"]')
    expect(target).to_be_in_viewport()
    names = target.locator(".run button").evaluate_all("all => all.map(one => one.ariaLabel)")
    assert names == [f"Edit {path}", f"Run {path}"]
    size = page.locator(".run", has_text="MB")
    assert re.match(r"Python: one download, \d\.\d MB", size.inner_text())


def test_stop_ends_a_program_that_never_would(quick_page: Page) -> None:
    """Output comes while the program runs; Stop ends even a program that never waits; the next one runs."""
    run_edited(quick_page, 'print("on")\nprint("and on")\nwhile True:\n    pass')
    expect(printed(quick_page)).to_have_text("on\nand on\n")
    expect_status(quick_page, "Running")
    colour = "one => getComputedStyle(one).backgroundColor"
    text = printed(quick_page)
    assert text.locator("..").evaluate(colour) == text.evaluate(colour)  # as high as the tested output
    assert block(quick_page).locator(".run button").last.inner_text() == "■ Stop"
    expect(quick_page.locator(".run", has_text="MB")).to_have_count(0)  # Python is here
    press(quick_page, "Stop")
    expect_status(quick_page, "Stopped")
    run_edited(quick_page, "print(6 * 7)")
    expect_status(quick_page, "differs")
    assert printed(quick_page).inner_text() == "42\n"


WAITS = {
    "event": "await asyncio.Event().wait()",
    "queue": "await asyncio.Queue().get()",
    "lock": "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
}


def failures() -> Iterator[tuple[str, str]]:
    """Yield programs that fail, and what the page says of each."""
    for wait in WAITS.values():
        yield (
            f"import asyncio\nasync def main():\n    {wait}\nasyncio.run(main())",
            "Deadlock: every task and thread waits",
        )
    yield "[bytes(10**9) for _ in range(9)]", "Out of memory"
    yield "import socket\nsocket.create_connection(('example.org', 80))", "outside the page"
    yield (
        "import asyncio\nasyncio.run(asyncio.open_connection('example.org', 80))",
        "outside the page",
    )
    yield "raise SystemExit('no')", "Failed"
    yield "input('who? ')", "Failed"
    yield "1 / 0", "Failed"


def test_what_goes_wrong_is_said(quick_page: Page) -> None:
    """A deadlock, no memory, an address elsewhere and an ordinary error each have their words.

    A program that asks is told that its input is empty.
    """
    for source, words in failures():
        run_edited(quick_page, source)
        expect_status(quick_page, words)
        if source.startswith("input"):
            expect(printed(quick_page)).to_contain_text("EOFError: EOF when reading a line")
        quick_page.evaluate("document.querySelector('[data-out] [role=status]').textContent = ''")
    assert "ZeroDivisionError" in printed(quick_page).inner_text()
    assert "runner.py" not in printed(quick_page).inner_text()


def test_nothing_of_a_run_is_left_for_the_next(quick_page: Page) -> None:
    """Modules, logging settings, threads and the working directory of a program do not reach the next."""
    run_edited(
        quick_page,
        "import logging, threading, time, os, snippets.asyncio.coroutines.spawn as m\n"
        "m.mark = 1\nlogging.disable()\nlogging.basicConfig(level=10)\nos.chdir('/')\n"
        "threading.Thread(target=time.sleep, args=[99], daemon=True).start()\nprint('left')",
    )
    expect_status(quick_page, "differs")
    run_edited(
        quick_page,
        "import logging, threading, os, snippets.asyncio.coroutines.spawn as m\n"
        "print(hasattr(m, 'mark'), logging.root.handlers, logging.root.manager.disable)\n"
        "print(threading.active_count(), os.getcwd())",
    )
    expect(printed(quick_page)).to_have_text("False [] 0\n1 /home/pyodide\n")


def test_a_broken_download_can_be_tried_again(quick_page: Page) -> None:
    """What could not be fetched is said; the button then offers another try, which works."""
    broken: list[str] = []

    def fail_once(route: Route) -> None:
        if broken:
            route.continue_()
        else:
            broken.append(route.request.url)
            route.abort()

    quick_page.context.route("**/python-*/stdlib.zip", fail_once)
    press(quick_page, "Run")
    expect_status(quick_page, "The download failed")
    assert broken
    press(quick_page, "Try again")
    expect_status(quick_page, "same as tested")


def test_a_download_shows_its_progress(quick_page: Page) -> None:
    """A bar shows how much of Python has arrived; each phase is named, and none comes back."""
    quick_page.evaluate("""() => {
      window.shares = [];
      window.phases = [];
      new MutationObserver(() => {
        const panel = document.querySelector("[data-out]");
        const bar = panel.querySelector("progress");
        if (bar && !bar.hidden) window.shares.push(bar.value);
        const said = panel.querySelector("[role=status]")?.textContent;
        const phase = said?.replace(/ [\\d.]+ [/] .*MB| · .*/, "");
        if (phase && phase !== window.phases.at(-1)) window.phases.push(phase);
      }).observe(document.querySelector("[data-out]"), { attributes: true, childList: true, subtree: true });
    }""")
    press(quick_page, "Run")
    expect_status(quick_page, "same as tested")
    shares = quick_page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert shares[-1] == 1
    phases = quick_page.evaluate("window.phases")
    assert phases[-4:] == [
        "Downloading Python:",
        "Starting Python",
        "Running",
        "This browser: same as tested ✓",
    ]


def test_a_browser_without_webassembly_is_told(browser: Browser, address: str) -> None:
    """Where there is no WebAssembly, the page says so instead of failing."""
    page = browser.new_page()
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(address + QUICK)
    block(page).locator(".run button").last.click()
    expect_status(page, "没有 WebAssembly")
    page.close()


def test_a_browser_without_jspi(quick_page: Page) -> None:
    """Without JSPI a program that needs one thread runs; one that needs a second fails with the reason."""

    def without_jspi(route: Route) -> None:
        body = f"delete WebAssembly.Suspending; delete WebAssembly.promising;\n{route.fetch().text()}"
        route.fulfill(body=body, content_type="text/javascript")

    quick_page.context.route("**/run-*/worker.js", without_jspi)
    run_edited(quick_page, "import asyncio\nprint(1, asyncio.run(asyncio.sleep(0.01, 2)))")
    expect_status(quick_page, "differs")
    run_edited(quick_page, "import threading\nthreading.Thread(target=print).start()")
    expect_status(quick_page, "a recent Chrome, Edge, Firefox or Safari has it")


def test_python_stays_for_the_next_page(page: Page, address: str) -> None:
    """What one page has fetched and started serves the next, and no other host is asked."""
    requested: list[str] = []
    logged: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: logged.append(message.text))
    page.goto(f"{address}en/{QUICK}", wait_until="networkidle")
    before = len(requested)
    assert not [url for url in requested if FROM_RUN.search(url) and not url.endswith("/run.js")]
    press(page, "Run")
    expect_status(page, "same as tested")
    follow(page, f"{address}en/aiohttp/middleware/")
    before = len(requested)
    press(page, "Run")
    expect_status(page, "same as tested")
    assert [url for url in requested[before:] if FROM_RUN.search(url)] == []
    assert [url for url in requested if not url.startswith(address)] == []
    assert logged == []


def test_below_a_path_and_under_a_strict_policy(page: Page, site: Path, tmp_path: Path) -> None:
    """Run works from a folder of a plain host, under a content security policy without `unsafe-eval`."""
    (tmp_path / "some").symlink_to(site)
    with serving(tmp_path, PolicyHandler) as address:
        response = page.goto(f"{address}some/en/aiohttp/middleware/")
        assert response
        assert "unsafe-eval" not in response.headers["content-security-policy"].replace(
            "wasm-unsafe-eval", ""
        )
        press(page, "Run")
        expect_status(page, "same as tested")


@pytest.mark.parametrize(("home", "scheme"), [("", "dark"), ("en/", "light")])
def test_axe_finds_nothing_in_the_panel(browser: Browser, address: str, home: str, scheme: str) -> None:
    """With the editor and an output open, on a phone, axe finds no violation and nothing scrolls sideways."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto(f"{address}{home}{QUICK}")
    buttons = block(page).locator(".run button")
    buttons.first.click()
    block(page).locator("textarea").fill("print(1)\n" * 30)
    buttons.last.click()
    expect(output(page).locator(".run-choice")).to_be_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")  # not sideways
    context.close()


def test_the_keyboard_is_enough(quick_page: Page) -> None:
    """Run, Edit and the editor are reached and left with keys; Ctrl-Enter runs, Enter indents."""
    block(quick_page).get_by_role("button", name=re.compile("^Edit")).focus()
    quick_page.keyboard.press("Enter")
    editor = block(quick_page).locator("textarea")
    expect(editor).to_be_focused()
    editor.fill("")
    quick_page.keyboard.type("if 1:\nprint('keys')")
    quick_page.keyboard.press("Control+Enter")
    expect_status(quick_page, re.compile("Edited code: .* · "))
    assert "keys" in printed(quick_page).inner_text()
    quick_page.keyboard.press("Escape")
    expect(block(quick_page).locator(".run button").first).to_be_focused()
    quick_page.keyboard.press("Enter")  # Close
    expect(editor).to_have_count(0)
    expect(block(quick_page).locator(".run button").first).to_be_focused()


def gzip_size(file: Path) -> int:
    """Return how many bytes a file has, compressed."""
    return len(gzip.compress(file.read_bytes(), 6))


def test_what_a_click_costs(site: Path) -> None:
    """The first click fetches at most 7.5 MB, aiohttp 1 MB more, and the first proof that is run 1.25 MB."""
    proofs = gzip_size(folder(site, "run") / "proofs.zip")
    libraries = gzip_size(folder(site, "python") / "packages.zip")
    everything = sum(
        gzip_size(file)
        for name in ("run", "python")
        for file in folder(site, name).iterdir()
        if file.is_file()
    )
    assert libraries <= LIBRARIES_LIMIT
    assert proofs <= PROOFS_LIMIT
    assert everything - libraries - proofs <= RUNTIME_LIMIT


MARKS = re.compile(
    r' data-(?:run(-not)?|below|above|lines|out|exercise)="[^"]*"|<script type="?module.*?</script>'
)


def packed(parts: Iterable[str]) -> int:
    """Return how many bytes parts of a file are, packed alone, without the 18 bytes around a file.

    What they add to a packed page hangs on the text around them: the same marks took 394 bytes, then 482.
    """
    return len(gzip.compress("".join(parts).encode())) - 18


def test_what_it_costs_before_a_click(site: Path) -> None:
    """Until somebody clicks, a page carries at most 2 KB more for Run."""
    script = gzip_size(folder(site, "run") / "run.js")
    styles = (folder(site, "assets") / "site.css").read_text("utf-8")
    style = packed(re.findall(r"^.*\.run\b.*", styles, re.M))
    for page in Project().all_pages():
        html = (site / page.address / "index.html").read_text("utf-8")
        marks = packed(one[0] for one in MARKS.finditer(html))
        assert script + style + marks <= PAGE_LIMIT, page.name


def test_without_the_registry_the_site_has_no_buttons(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Pyodide cannot be fetched, the site is built without Run and says how to get it; CI fails."""

    def unreachable(folder: Path) -> None:
        raise OSError("no such registry")

    monkeypatch.setattr(build, "runtime_folder", lambda: tmp_path / "none")
    monkeypatch.setattr(build, "make_runtime", unreachable)
    monkeypatch.delenv("CI", raising=False)
    caplog.set_level("INFO")
    assert build.build_runtime() is False
    assert "own search: no such registry. Build again" in caplog.text
    monkeypatch.setenv("CI", "true")
    with pytest.raises(PluginError, match="Run cannot be built: no such registry"):
        build.build_runtime()
