"""Run, in Chromium: a page prints what CPython printed, and says plainly what goes wrong."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from mkdocs.exceptions import PluginError
from playwright.sync_api import Browser, Locator, Page, Route, expect

from playground import build
from tests.browser import skip_or_fail
from tests.site.built_site import folder
from tests.site.conftest import PolicyHandler, serving
from tools.model import LANGUAGES, Project

FROM_RUN = re.compile(r"/(run|python)-\w+/")
SHARES = 4  # so that several workers share a language
PAGE_LIMIT, RUNTIME_LIMIT, LIBRARIES_LIMIT = 2_000, 7_500_000, 1_000_000  # bytes, compressed
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
    block.querySelector(".run button").click();
    const end = performance.now() + 60_000;
    while (!block.dataset.outcome && performance.now() < end)
      await new Promise((done) => setTimeout(done, 5));
    const printed = (stream) =>
      [...block.querySelectorAll(`.run-output .${stream}`)].map((span) => span.textContent).join("");
    pressed[path] = [block.dataset.outcome, printed("stdout"), printed("stderr")];
  }
  return pressed;
}"""


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


def block(page: Page) -> Locator:
    """Return the first block of code that can run."""
    return page.locator("[data-run]").first


def press(page: Page, name: str) -> None:
    """Press a button of that block."""
    block(page).locator(".run").get_by_role("button", name=name, exact=True).click()


def run_edited(page: Page, source: str) -> None:
    """Replace the code in that block, and run it."""
    if not block(page).locator("textarea").count():
        press(page, "Edit")
    block(page).locator("textarea").fill(source)
    press(page, "Run")


def expect_status(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until the status below the block contains a text."""
    expect(block(page).locator("[role=status]")).to_contain_text(text, timeout=30_000)


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_snippet_prints_its_output(browser: Browser, address: str, language: str, share: int) -> None:
    """Pressed on the page that shows it, Run prints the snippet's `.out`, byte for byte, and no error."""
    project = Project()
    taught = [page for page in project.pages(language).values() if "--8<--" in page.source]
    page = browser.new_page()
    page.goto(address + taught[share].address, wait_until="networkidle")
    pressed: dict[str, list[str]] = {}
    for one in taught[share::SHARES]:
        page.evaluate(FOLLOW_LINK, address + one.address)  # so that Python, once started, stays
        page.wait_for_url(address + one.address)
        page.locator(f'link[rel=canonical][href$="/{one.address}"]').wait_for(state="attached")
        page.locator("article .run").first.wait_for()
        shown = page.locator("[data-run]").evaluate_all("blocks => blocks.map(block => block.dataset.run)")
        pressed |= page.evaluate(RUN_BLOCKS, list(dict.fromkeys(shown)))
    page.close()
    assert len(pressed) > 20
    expected = {
        path: ["done", project.snippet(path).with_suffix(".out").read_text("utf-8"), ""] for path in pressed
    }
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
    """The whole file can be edited in place; its output is marked, and Reset brings the tested text back."""
    shown = block(quick_page).locator("pre code").first.inner_text()
    press(quick_page, "Edit")
    path = block(quick_page).get_attribute("data-run") or ""
    assert block(quick_page).locator("textarea").input_value() == Project().snippet(path).read_text("utf-8")
    run_edited(quick_page, 'import sys\nprint("mine", __name__)\nprint("oh", file=sys.stderr)')
    expect_status(quick_page, re.compile("^Done · .* From the edited code, not the tested one.$"))
    assert block(quick_page).locator(".stdout").inner_text() == "mine __main__\n"
    assert block(quick_page).locator(".stderr").inner_text() == "oh\n"
    press(quick_page, "Reset")
    assert block(quick_page).locator("textarea, .run-output").count() == 0
    assert block(quick_page).locator("pre code").first.inner_text() == shown
    press(quick_page, "Run")
    expect_status(quick_page, re.compile(r"^Done · [\d.]+ s$"))
    out = Project().snippet(path).with_suffix(".out").read_text("utf-8")
    assert block(quick_page).locator(".stdout").inner_text() == out


def test_stop_ends_a_program_that_never_would(quick_page: Page) -> None:
    """Output comes while the program runs; Stop ends even a program that never waits; the next one runs."""
    run_edited(quick_page, 'print("on and on")\nwhile True:\n    pass')
    expect(block(quick_page).locator(".stdout")).to_have_text("on and on\n", timeout=30_000)
    expect_status(quick_page, "Running")
    press(quick_page, "Stop")
    expect_status(quick_page, "Stopped")
    run_edited(quick_page, "print(6 * 7)")
    expect_status(quick_page, "Done")
    assert block(quick_page).locator(".stdout").inner_text() == "42\n"


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
    yield "1 / 0", "Failed"


def test_what_goes_wrong_is_said(quick_page: Page) -> None:
    """A deadlock, no memory, an address elsewhere and an ordinary error each have their words."""
    for source, words in failures():
        run_edited(quick_page, source)
        expect_status(quick_page, words)
        quick_page.evaluate("document.querySelector('[data-run] [role=status]').textContent = ''")
    assert "ZeroDivisionError" in block(quick_page).locator(".stderr").inner_text()
    assert "runner.py" not in block(quick_page).locator(".stderr").inner_text()


def test_nothing_of_a_run_is_left_for_the_next(quick_page: Page) -> None:
    """Modules, logging settings, threads and the working directory of a program do not reach the next."""
    run_edited(
        quick_page,
        "import logging, threading, time, os, snippets.asyncio.coroutines.spawn as m\n"
        "m.mark = 1\nlogging.disable()\nlogging.basicConfig(level=10)\nos.chdir('/')\n"
        "threading.Thread(target=time.sleep, args=[99], daemon=True).start()\nprint('left')",
    )
    expect_status(quick_page, "Done")
    run_edited(
        quick_page,
        "import logging, threading, os, snippets.asyncio.coroutines.spawn as m\n"
        "print(hasattr(m, 'mark'), logging.root.handlers, logging.root.manager.disable)\n"
        "print(threading.active_count(), os.getcwd())",
    )
    expect(block(quick_page).locator(".stdout")).to_have_text("False [] 0\n1 /home/pyodide\n", timeout=30_000)


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
    expect_status(quick_page, "Done")


def test_a_download_shows_its_progress(quick_page: Page) -> None:
    """While Python is fetched, a bar shows how much of it has arrived."""
    quick_page.evaluate("""() => {
      window.shares = [];
      new MutationObserver(() => {
        const bar = document.querySelector("[data-run] progress");
        if (bar && !bar.hidden) window.shares.push(bar.value);
      }).observe(document.querySelector("[data-run]"), { attributes: true, childList: true, subtree: true });
    }""")
    press(quick_page, "Run")
    expect_status(quick_page, "Done")
    shares = quick_page.evaluate("window.shares")
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert shares[-1] == 1


def test_a_browser_without_webassembly_is_told(browser: Browser, address: str) -> None:
    """Where there is no WebAssembly, the page says so instead of failing."""
    page = browser.new_page()
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(address + QUICK)
    block(page).locator(".run button").first.click()
    expect_status(page, "没有 WebAssembly")
    page.close()


def test_a_browser_without_jspi(quick_page: Page) -> None:
    """Without JSPI a program that needs one thread runs; one that needs a second fails with the reason."""

    def without_jspi(route: Route) -> None:
        body = f"delete WebAssembly.Suspending; delete WebAssembly.promising;\n{route.fetch().text()}"
        route.fulfill(body=body, content_type="text/javascript")

    quick_page.context.route("**/run-*/worker.js", without_jspi)
    run_edited(quick_page, "import asyncio\nprint(1, asyncio.run(asyncio.sleep(0.01, 2)))")
    expect_status(quick_page, "Done")
    run_edited(quick_page, "import threading\nthreading.Thread(target=print).start()")
    expect_status(quick_page, "needs a second thread")


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
    expect_status(page, "Done")
    fetched = [url for url in requested[before:] if FROM_RUN.search(url)]
    assert not [url for url in fetched if url.endswith("packages.zip")]  # no library yet
    page.evaluate(FOLLOW_LINK, f"{address}en/aiohttp/middleware/")
    page.wait_for_url("**/en/aiohttp/middleware/")
    page.locator("article .run").first.wait_for()
    before = len(requested)
    press(page, "Run")
    expect_status(page, "Done")
    assert [url.rpartition("/")[2] for url in requested[before:] if FROM_RUN.search(url)] == ["packages.zip"]
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
        expect_status(page, "Done")


@pytest.mark.parametrize(("home", "scheme"), [("", "dark"), ("en/", "light")])
def test_axe_finds_nothing_in_the_panel(browser: Browser, address: str, home: str, scheme: str) -> None:
    """With the editor and an output open, on a phone, axe finds no violation."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto(f"{address}{home}{QUICK}")
    buttons = block(page).locator(".run button")
    buttons.first.click()
    block(page).locator(".stdout").wait_for()
    buttons.last.click()
    block(page).locator("textarea").wait_for()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
    context.close()


def test_the_keyboard_is_enough(quick_page: Page) -> None:
    """Run, Edit and the editor are reached and left with keys; Ctrl-Enter runs, Enter indents."""
    block(quick_page).get_by_role("button", name="Edit", exact=True).focus()
    quick_page.keyboard.press("Enter")
    editor = block(quick_page).locator("textarea")
    expect(editor).to_be_focused()
    editor.fill("")
    quick_page.keyboard.type("if 1:\nprint('keys')")
    quick_page.keyboard.press("Control+Enter")
    expect_status(quick_page, "Done")
    assert block(quick_page).locator(".stdout").inner_text() == "keys\n"
    quick_page.keyboard.press("Shift+Tab")
    assert not editor.evaluate("editor => editor === document.activeElement")


def gzip_size(file: Path) -> int:
    """Return how many bytes a file has, compressed."""
    return len(gzip.compress(file.read_bytes(), 6))


def test_what_a_click_costs(site: Path) -> None:
    """The first click fetches at most 7.5 MB, aiohttp 1 MB more."""
    libraries = gzip_size(folder(site, "python") / "packages.zip")
    everything = sum(
        gzip_size(file)
        for name in ("run", "python")
        for file in folder(site, name).iterdir()
        if file.is_file()
    )
    assert libraries <= LIBRARIES_LIMIT
    assert everything - libraries <= RUNTIME_LIMIT


def test_what_it_costs_before_a_click(site: Path) -> None:
    """Until somebody clicks, a page carries at most 2 KB more for Run."""
    script = gzip_size(folder(site, "run") / "run.js")
    style = len(
        gzip.compress(
            "".join(
                re.findall(r"^\.run.*", (folder(site, "assets") / "site.css").read_text("utf-8"), re.M)
            ).encode()
        )
    )
    for page in Project().all_pages():
        html = (site / page.address / "index.html").read_text("utf-8")
        without = re.sub(r' data-run(-not)?="[^"]*"|<script type="?module.*?</script>', "", html)
        marks = len(gzip.compress(html.encode())) - len(gzip.compress(without.encode()))
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
