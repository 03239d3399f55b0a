"""A proof runs in the panel of its ✓, in Chromium: pytest itself, in the page's Python."""

import io
import os
import re
import zipfile

import pytest
from playwright.sync_api import Locator, Page, Route, Worker, expect

from playground import build
from playground.proofs import can_run
from tests.browser import skip_or_fail
from tests.site.axe import violations
from tools.model import Project

ALL = os.environ.get("PROOFS") == "all"  # takes a quarter of an hour
PAGE = "asyncio/coroutines/"
PROOFS = {
    "sync": "tests.asyncio.test_coroutines.test_async_def_makes_a_coroutine_function",
    "async": "tests.asyncio.test_coroutines.test_others_run_while_hello_world_waits",
}
PROCESS = "tests.asyncio.test_coroutines.test_python_m_asyncio_takes_await"
THREAD = "tests.asyncio.test_threads.test_a_thread_gets_its_answer"
PASSED = re.compile(r"^This browser: passed ✓ · [\d.]+ s$")
RUN_PROOFS = """async ([script, names]) => {
  const { run } = await import(script);
  const failed = {};
  for (const name of names) {
    let printed = "";
    const outcome = await new Promise((resolve) =>
      run({ kind: "proof", name }, ({ kind, text, outcome }) => {
        printed += text ?? "";
        if (kind === "ended" || kind === "loadFailed") resolve(outcome ?? kind);
      }),
    );
    if (outcome !== "done") failed[name] = [outcome, printed.slice(-2000)];
  }
  return failed;
}"""


@pytest.fixture(autouse=True)
def require_run(site: object) -> None:
    """Skip, or fail on CI, if the site was built without Run."""
    if not build.runtime_is_there():
        skip_or_fail("the site was built without Run: the npm registry was out of reach")


def open_proof(page: Page, name: str) -> Locator:
    """Open the panel of a proof; return it."""
    page.locator(f'a.proof[id="{name}"]').click()
    panel = page.locator(".proof-panel")
    panel.wait_for()
    return panel


def button(panel: Locator) -> Locator:
    """Return the button that runs or stops the proof."""
    return panel.locator(".run button")


@pytest.mark.timeout(3600)
def test_a_proof_of_each_file_passes(page: Page, address: str) -> None:
    """Each proof whose panel has the button passes in a page, one after another; here one of each file."""
    able = [name for name, proof in Project().proofs().items() if can_run(name, proof.text)]
    of_each_file = {name.rpartition(".")[0]: name for name in able}
    assert {file.split(".")[1] for file in of_each_file} == {"aiohttp", "asyncio", "http", "server"}
    names = able if ALL else list(of_each_file.values())
    page.goto(f"{address}en/{PAGE}")
    script = page.locator("script[src$='/run.js']").get_attribute("src") or ""
    url = page.evaluate("path => new URL(path.replace('run.js', 'python.js'), location).href", script)
    assert page.evaluate(RUN_PROOFS, [url, names]) == {}


def test_passes_in_its_panel(page: Page, address: str) -> None:
    """A click runs a proof, coroutine or not, and the panel says it passed; nothing is fetched before."""
    requested: list[str] = []
    page.context.on("request", lambda request: requested.append(request.url.rpartition("/")[2]))
    page.goto(f"{address}en/{PAGE}", wait_until="networkidle")
    size = "Python and pytest: one download, [89]\\.\\d MB"
    for name in PROOFS.values():
        panel = open_proof(page, name)
        expect(panel.locator(".run")).to_have_text(re.compile(f"^{size}▶\ufe0e Run this proof$"))
        fetched = {"run_proof.js", "python.js", "worker.js", "proofs.zip"} & set(requested)
        assert bool(fetched) == (size == "")
        button(panel).click()
        expect(panel.get_by_role("status")).to_have_text(PASSED)
        expect(panel.get_by_role("status")).to_have_css("color", "rgb(240, 145, 127)")  # as that of a run
        expect(button(panel)).to_have_text("▶\ufe0e Run this proof")
        assert "1 passed" in panel.locator(".run-output").inner_text()
        bottom = panel.get_by_role("status").evaluate("one => one.getBoundingClientRect().bottom")
        source = panel.locator("pre:not(.run-output)").evaluate("one => one.getBoundingClientRect().top")
        assert bottom < source  # the verdict stands below the button
        assert violations(page, ".proof-panel") == []
        page.keyboard.press("Escape")
        size = ""


def test_a_proof_that_fails_shows_why(page: Page, address: str) -> None:
    """Where a proof does not hold, the panel shows the report; one that is skipped has not passed either."""
    tests = {
        "sync": "def {}():\n    assert 1 == 2",
        "async": "import pytest\nasync def {}():\n    pytest.skip('not here')",
    }
    broken = "\n".join(text.format(PROOFS[kind].rpartition(".")[2]) for kind, text in tests.items())

    def break_proofs(route: Route) -> None:
        body = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(route.fetch().body())) as old,
            zipfile.ZipFile(body, "w") as new,
        ):
            for name in old.namelist():
                new.writestr(name, broken if name == "tests/asyncio/test_coroutines.py" else old.read(name))
        route.fulfill(body=body.getvalue())

    page.context.route("**/proofs.zip", break_proofs)
    page.goto(f"{address}en/{PAGE}")
    for kind, report in {"sync": "assert 1 == 2", "async": "1 skipped"}.items():
        panel = open_proof(page, PROOFS[kind])
        button(panel).click()
        expect(panel.get_by_role("status")).to_have_text(re.compile(r"^This browser: failed ✗ · [\d.]+ s$"))
        expect(panel.locator(".run-output")).to_contain_text(report)
        page.keyboard.press("Escape")


def runs_python(worker: Worker) -> bool:
    """Tell the worker in which Python runs."""
    return worker.url.endswith("/worker.js")


def test_stop_and_closing_end_it(page: Page, address: str) -> None:
    """Both end a proof while it runs; the next run passes. The words are Chinese on a Chinese page."""
    page.goto(f"{address}{PAGE}")
    panel = open_proof(page, PROOFS["sync"])
    expect(button(panel)).to_have_text("▶\ufe0e 运行这个证明")
    with page.expect_worker(runs_python) as first:
        button(panel).click()
    expect(button(panel)).to_have_text("■ 停止")
    with page.expect_worker(runs_python) as second, first.value.expect_event("close"):
        button(panel).click()
    expect(panel.get_by_role("status")).to_have_text("这个浏览器：已停止")
    button(panel).click()
    expect(button(panel)).to_have_text("■ 停止")
    with second.value.expect_event("close"):
        page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    panel = open_proof(page, PROOFS["async"])
    button(panel).click()
    expect(panel.get_by_role("status")).to_have_text(re.compile("^这个浏览器：通过 ✓ · "))


def test_what_was_seen_on_comfyui_runs_here_on_the_recreation(page: Page, address: str) -> None:
    """The mark says that it passed on the real server; the verdict, that this run was on ours."""
    page.goto(f"{address}en/server/hazards/")
    panel = open_proof(page, "tests.server.test_hazards.test_one_post_ends_main_run")
    expect(panel.locator(".known")).to_contain_text("Seen on the real ComfyUI")
    button(panel).click()
    expect(panel.get_by_role("status")).to_have_text(
        re.compile(r"^This browser, on the re-creation: passed ✓ · [\d.]+ s$")
    )


def test_what_cannot_run_has_no_button(page: Page, address: str) -> None:
    """A proof that needs a process has none."""
    page.goto(f"{address}en/{PAGE}")
    panel = open_proof(page, PROCESS)
    expect(panel.locator("pre")).to_be_visible()
    expect(button(panel)).to_have_count(0)


def test_a_browser_without_webassembly_is_told(page: Page, address: str) -> None:
    """Where there is no WebAssembly, the panel says so."""
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(f"{address}en/{PAGE}")
    panel = open_proof(page, PROOFS["sync"])
    button(panel).click()
    expect(panel.get_by_role("status")).to_contain_text("no WebAssembly")


def test_a_browser_without_jspi_is_told(page: Page, address: str) -> None:
    """Where a proof needs a second thread and there is no JSPI, the panel says so."""

    def without_jspi(route: Route) -> None:
        body = f"delete WebAssembly.Suspending; delete WebAssembly.promising;\n{route.fetch().text()}"
        route.fulfill(body=body, content_type="text/javascript")

    page.context.route("**/run-*/worker.js", without_jspi)
    page.goto(f"{address}en/asyncio/threads/")
    panel = open_proof(page, THREAD)
    button(panel).click()
    expect(panel.get_by_role("status")).to_contain_text("a recent Chrome, Edge, Firefox or Safari has it")
