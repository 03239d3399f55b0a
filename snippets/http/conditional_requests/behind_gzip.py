"""Show who still gets a 304 when a proxy that packs alters the tag."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ETag, web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.conditional_requests.handler import checked

# --8<-- [start:proxies]
PROXIES: dict[str, Callable[[str], str]] = {
    "no proxy": lambda tag: tag,
    "nginx": lambda tag: f"W/{tag}",  # since 1.7.3
    "Apache": lambda tag: f'{tag[:-1]}-gzip"',
    "drops it": lambda tag: "",
}


async def naive(request: web.Request) -> web.Response:
    """Compare the header as text."""
    if request.headers.get("If-None-Match") == '"v1"':
        return web.Response(status=304, headers={"ETag": '"v1"'})
    return web.Response(text="report", headers={"ETag": '"v1"'})


# --8<-- [end:proxies]
# --8<-- [start:weaken]
async def weaken(
    request: web.Request, response: web.StreamResponse
) -> None:
    """Make the tag weak, if there is one: a 404 or 412 has none."""
    if response.etag:
        response.etag = ETag(response.etag.value, is_weak=True)


# --8<-- [end:weaken]
def build_app(folder: Path, proxy: str) -> web.Application:
    """Return a server whose tags leave as this proxy leaves them."""

    async def alter(
        request: web.Request, response: web.StreamResponse
    ) -> None:
        tag = PROXIES[proxy](response.headers.pop("ETag"))
        if tag:
            response.headers["ETag"] = tag

    (folder / "file").write_text("report")
    app = web.Application()
    app.on_response_prepare.append(alter)
    app.router.add_get("/naive", naive)
    app.router.add_get("/checked", checked)
    app.router.add_static("/", folder)
    return app


# --8<-- [start:ask]
async def again(
    client: TestClient[web.Request, web.Application], path: str
) -> int:
    """Fetch, ask again as a browser does; return the second status."""
    first = (await client.get(path)).headers
    validators = {
        "If-None-Match": first.get("ETag"),
        "If-Modified-Since": first.get("Last-Modified"),
    }
    known = {name: value for name, value in validators.items() if value}
    return (await client.get(path, headers=known)).status


# --8<-- [end:ask]
async def main() -> None:
    paths = "/naive", "/checked", "/file"
    print(f"{'':10}", *paths)
    with TemporaryDirectory() as folder:
        # --8<-- [start:call]
        for proxy in PROXIES:
            app = build_app(Path(folder), proxy)
            async with TestClient(TestServer(app)) as client:
                found = [await again(client, path) for path in paths]
                print(
                    f"{proxy:10} {found[0]:<6} {found[1]:<8} {found[2]}"
                )
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
