"""On a real nginx with Debian's types the site is read, searched and run, at the root and below a path."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.site.nginx import FEW_TYPES, nginx
from tests.site.test_anywhere import asked_while_reading
from tools.model import ROOT
from tools.policy import policy

BLOCK = "aiohttp/middleware/order"  # its first use of aiohttp fetches everything that Run has


def run_block(page: Page, address: str, home: str) -> None:
    """Press Run on a page; the block must print what CPython printed, and say so."""
    page.goto(f"{address}{home}aiohttp/middleware/")
    block = page.locator(f"[data-run='{BLOCK}.py']").first
    block.locator(".run button").last.click()
    panel = page.locator(f"[data-out='{BLOCK}.py']")
    expect(panel.locator("[role=status]")).to_contain_text("same as tested" if home else "与测试过的相同")


@pytest.mark.parametrize(
    ("home", "path", "types"),
    [("", "", ""), ("en/", "notes/code/", ""), ("en/", "", FEW_TYPES)],
    ids=["root", "below a path", "few types"],
)
def test_a_stock_nginx_serves_the_site(
    page: Page, site: Path, tmp_path: Path, home: str, path: str, types: str
) -> None:
    """Pages, search, switch and Run work with the types that Debian has, and with fewer."""
    root = tmp_path / "root"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path.rstrip("/")).symlink_to(site) if path else root.symlink_to(site)
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    with nginx(tmp_path / "nginx", root, types=types) as address:
        asked_while_reading(page, address + path, home)
        run_block(page, address + path, home)
    assert missing == []


def test_a_script_that_is_sent_as_no_script_is_named(page: Page, address: str) -> None:
    """Where a server sends a script by a wrong type, the page says which, and what was sent."""

    def untyped(route: Route) -> None:
        route.fulfill(response=route.fetch(), content_type="application/octet-stream")

    page.context.route("**/image_codec.js", untyped)
    page.goto(f"{address}en/aiohttp/middleware/")
    page.locator("[data-run]").first.locator(".run button").last.click()
    expect(page.locator(".run-output")).to_have_text(
        re.compile(r"^/.*/image_codec\.js: 200, application/octet-stream\n$")
    )


@pytest.mark.parametrize(("home", "path"), [("", ""), ("en/", "notes/code/")], ids=["root", "below a path"])
def test_the_given_configuration(page: Page, site: Path, tmp_path: Path, home: str, path: str) -> None:
    """With nginx.conf all works under the strict policy; named content is kept, each language has its 404."""
    root = tmp_path / "root"
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path.rstrip("/")).symlink_to(site) if path else root.symlink_to(site)
    (tmp_path / "policy.conf").write_text(f'add_header Content-Security-Policy "{policy(site)}";', "utf-8")
    given = (ROOT / "docs/nginx.conf").read_text("utf-8")
    for old, new in {
        "listen 80": "listen 127.0.0.1:PORT",
        "/var/www/code-reading": str(root),
        "/etc/nginx/code-reading-policy.conf": str(tmp_path / "policy.conf"),
        " /404.html": f" /{path}404.html",
        " /en/404.html": f" /{path}en/404.html",
    }.items():
        assert old in given
        given = given.replace(old, new)
    servers = given.replace("{", "{{").replace("}", "}}").replace("PORT", "{port}")
    said: list[str] = []
    lifetimes: dict[str, str] = {}
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on(
        "response", lambda answer: lifetimes.update({answer.url: answer.headers.get("cache-control", "")})
    )
    with nginx(tmp_path / "nginx", root, servers=servers) as address:
        asked_while_reading(page, address + path, home)
        run_block(page, address + path, home)
        assert said == []
        assert {
            "immutable" in kept for url, kept in lifetimes.items() if re.search(r"-[0-9a-f]{12}/", url)
        } == {True}
        others = {kept for url, kept in lifetimes.items() if not re.search(r"-[0-9a-f]{12}/", url)}
        assert others - {""} == {"no-cache"}
        answer = page.goto(f"{address}{path}{home}no/such/page/")
        assert answer
        assert answer.status == 404
        assert page.locator("html").get_attribute("lang") == ("en" if home else "zh")
