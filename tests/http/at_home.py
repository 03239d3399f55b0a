"""A page of the server's own in Chromium: what a real browser asks for, keeps and shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from tests.server.foreign_page import SECONDS, empty_page


@asynccontextmanager
async def browsing(chromium: Browser, app: web.Application, **options: Any) -> AsyncIterator[Page]:
    """Serve an application, and open `/page` of it; each page has a cache of its own, which is empty."""
    app.router.add_get("/page", empty_page)
    async with TestServer(app) as server:
        page = await chromium.new_page(base_url=str(server.make_url("/")), **options)
        try:
            page.set_default_timeout(SECONDS * 1000)
            await page.goto("/page")
            yield page
        finally:
            await page.close()


async def fetch(page: Page, path: str, **headers: str) -> str:
    """Let the page's script fetch a path; return the text. `Accept_Language` stands for `Accept-Language`."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    script = "([path, headers]) => fetch(path, {headers}).then(answer => answer.text())"
    text: str = await page.evaluate(script, [path, fields])
    return text


async def requests_for(chromium: Browser, *answers: dict[str, str]) -> list[list[str]]:
    """Fetch each answer three times; return, for each request that arrived, the condition it carried."""
    heard: list[list[str]] = [[] for _ in answers]

    async def send(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        conditions = [request.headers.get(name, "") for name in ("If-None-Match", "If-Modified-Since")]
        heard[number].append("".join(conditions))
        return web.Response(text="text", headers=answers[number])

    app = web.Application()
    app.router.add_get(r"/{number:\d+}", send)
    async with browsing(chromium, app) as page:
        for number in range(len(answers)):
            for _ in range(3):
                assert await fetch(page, f"/{number}") == "text"
    return heard


async def counts_for(chromium: Browser, *answers: dict[str, str]) -> list[int]:
    """Fetch each answer three times; return how many requests arrived."""
    return [len(requests) for requests in await requests_for(chromium, *answers)]
