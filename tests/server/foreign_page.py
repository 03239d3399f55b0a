"""A page of another site, open in a real browser, and what it makes the browser send to a server here."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler, Middleware
from playwright.async_api import Browser

from tests.browser import FLAGS, find_browser

SECONDS = 15  # until a script that does not end counts as failed

# Runs a script in the page; `URL` in it stands for the server's address. Returns what the script ends with.
Run = Callable[[str], Awaitable[Any]]


def overhear(heard: list[str]) -> Middleware:
    """Return a middleware that notes method, path, Origin (PAGE for the visitor's) and Content-Type."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin", "-")
        origin = "PAGE" if origin.startswith("http://localhost:") else origin.rpartition(":")[0] or origin
        kind = request.headers.get("Content-Type", "-").partition(";")[0]
        heard.append(f"{request.method} {request.path} {origin} {kind}")
        return await handler(request)

    return middleware


async def empty_page(request: web.Request) -> web.Response:
    """Answer with a page that does nothing by itself."""
    return web.Response(text="<!doctype html><link rel=icon href=data:,>", content_type="text/html")


def in_a_sandbox(script: str) -> str:
    """Wrap a script: it runs in a frame that the page has put into a sandbox; it tells by `say(…)`."""
    frame = f"<script>const say = x => parent.postMessage(x, '*'); {script}</script>"
    return (
        "new Promise(done => { const f = document.createElement('iframe'); f.sandbox = 'allow-scripts';"
        f" onmessage = m => done(m.data); f.srcdoc = {frame!r}; document.body.append(f) }})"
    )


@asynccontextmanager
async def visitor(
    chromium: Browser,
    address: tuple[str, int],
    at_home: bool = False,
    console: list[str] | None = None,
    page: str = "",
    public: bool = False,
) -> AsyncIterator[Run]:
    """Open a page of another origin (or `/page` of the server itself); yield `run`.

    The page is http://localhost:…, the server http://127.0.0.1:…, so both name and port differ.
    `console` gets what the browser writes to its console; `page` is another page to open. With `public`
    the page is open in another browser, which takes it for one of the internet.
    """
    url = "http://{}:{}".format(*address)
    site = web.Application()
    site.router.add_get("/", empty_page)
    async with TestServer(site) as home:
        browser = chromium
        if public:
            there = [f"{host}:{home.port}=public" for host in ("127.0.0.1", "[::1]")]
            flags = [*FLAGS, f"--ip-address-space-overrides={','.join(there)}"]
            browser = await chromium.browser_type.launch(executable_path=find_browser(), args=flags)
        tab = await browser.new_page()
        try:
            if console is not None:
                tab.on("console", lambda message: console.append(message.text))
            foreign = page or f"http://localhost:{home.port}/"
            await tab.goto(f"{url}/page" if at_home else foreign)

            async def run(script: str) -> Any:
                script = script.replace("WS_URL", url.replace("http", "ws")).replace("URL", url)
                return await asyncio.wait_for(tab.evaluate(script), SECONDS)

            yield run
        finally:
            await tab.close()
            if public:
                await browser.close()
