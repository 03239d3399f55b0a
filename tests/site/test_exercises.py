"""An exercise, in Chromium: red with what is missing, green with the answer, and kept."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from playground import build, exercises
from tests.browser import skip_or_fail
from tests.site.axe import violations
from tools.model import LANGUAGES, Project

PAGE, SNIPPET = "aiohttp/middleware/", "aiohttp/middleware/timing.py"
ANSWER = build.content(Project().snippet(SNIPPET)).decode()
# It times no path that fails.
NAIVE = re.sub(
    r"    try:\n.*request.path\] = seconds\n",
    "    start = time.perf_counter()\n"
    "    response = await handler(request)\n"
    "    request.app[SECONDS][request.path] = time.perf_counter() - start\n"
    "    return response\n",
    ANSWER,
    flags=re.DOTALL,
)
NOT_YET = {
    "zh": "还没有通过：有 1 行不对或缺少 · 第 3 行应当是“timed: /slow /none”，现在是“timed: /slow”",
    "en": "Not yet: 1 line is wrong or missing · line 3 should be “timed: /slow /none”, is “timed: /slow”",
}
PASSED = {"zh": "通过 ✓ 打印的与答案相同", "en": "Passed ✓ It prints what the answer prints"}
AFTER_HEADING = "heading => getComputedStyle(heading, '::after').content"


@pytest.fixture(autouse=True)
def require_run(site: Path) -> None:
    """Skip, or fail on CI, if the site was built without Run."""
    if not list(site.glob("run-*")):
        skip_or_fail("the site was built without Run: the npm registry was out of reach")


def exercise(page: Page) -> Locator:
    """Return the block of the exercise."""
    return page.locator("[data-exercise]")


def status(page: Page) -> Locator:
    """Return what the panel below it says."""
    return page.locator("[data-exercise] + .language-text [role=status]")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh", "dark")])
def test_an_exercise_is_written_checked_and_kept(
    browser: Browser, address: str, language: str, scheme: str
) -> None:
    """Keys lead to the gap; Check marks what is missing and passes the answer; a reload keeps both."""
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": 390, "height": 844},
    )
    page = context.new_page()
    page.goto(f"{address}{'en/' if language == 'en' else ''}{PAGE}")
    heading = page.locator("#exercise")
    assert heading.evaluate(AFTER_HEADING) == "none"
    exercise(page).get_by_role("button", name=re.compile("^(Write it here|在这里写)")).press("Enter")
    editor = exercise(page).locator("textarea")
    expect(editor).to_be_focused()
    assert editor.input_value() == exercises.without_gap(exercises.section(SNIPPET, None))
    assert editor.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "..."

    page.keyboard.press("Control+Enter")
    expect(status(page)).to_contain_text(re.compile("^(Not yet: Failed|还没有通过：出错了)"), timeout=60_000)
    expect(page.locator(".run-output .stderr").first).to_be_hidden()  # folded
    page.locator(".run-output summary").click()
    expect(page.locator(".run-output .stderr").last).to_be_visible()
    editor.fill(NAIVE)
    editor.focus()
    page.keyboard.press("Control+Enter")
    expect(status(page)).to_contain_text(NOT_YET[language], timeout=30_000)
    expect(page.locator("[data-exercise] + .language-text mark:visible")).to_have_text("timed: /slow\n")
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")  # not sideways
    assert heading.evaluate(AFTER_HEADING) == "none"

    editor.fill(ANSWER)
    page.keyboard.press("Control+Enter")
    expect(status(page)).to_contain_text(PASSED[language], timeout=30_000)
    assert "✓" in heading.evaluate(AFTER_HEADING)
    page.reload()
    expect(editor).to_have_value(ANSWER)
    assert "✓" in heading.evaluate(AFTER_HEADING)
    page.evaluate("for (const key in localStorage) if (key.startsWith('edited:')) delete localStorage[key]")
    page.reload()
    page.locator("[data-exercise] .run").first.wait_for()
    assert "✓" in heading.evaluate(AFTER_HEADING)  # without an editor too
    answer = page.locator("details.success:has([data-out])")
    assert answer.get_attribute("open") is None
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_built_pages_hold_every_exercise(site: Path, language: str) -> None:
    """Each gap stands once in each language, before its answer, and its file is there for the editor."""
    shown = []
    for page in Project().pages(language).values():
        html = (site / page.address / "index.html").read_text("utf-8")
        for path in re.findall(r'data-exercise="([^"]+)"', html):
            shown.append(path.removeprefix("exercises/"))
            assert html.index("data-exercise=") < html.index(
                '<details class="success">', html.index('id="exercise"')
            )
            (file,) = site.glob(f"run-*/snippets/{path}")
            assert "    ...\n" in file.read_text("utf-8")
    assert sorted(shown) == exercises.paths()
