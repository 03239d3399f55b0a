"""Show compression that respects q=0 and always sends Vary."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.negotiation.greeting import field
from snippets.http.negotiation.weights import parse_weighted


# --8<-- [start:compress]
def gzip_weight(header: str) -> float:
    """Return how much an Accept-Encoding header wants gzip.

    Source: RFC 9110 §12.5.3
    """
    try:
        members = parse_weighted(header.lower())
    except ValueError:
        return 0.0
    weights = {member.value: member.weight for member in members}
    return weights.get("gzip", weights.get("*", 0.0))


async def report(request: web.Request) -> web.Response:
    """Compress if the client accepts gzip; always send Vary."""
    # --8<-- [start:gap]
    vary = {"Vary": "Accept-Encoding"}
    response = web.Response(text="hello", headers=vary)
    if gzip_weight(field(request, "Accept-Encoding")):
        response.enable_compression(web.ContentCoding.gzip)
    return response
    # --8<-- [end:gap]


# --8<-- [end:compress]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", report)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for codings in (
            "gzip",
            "gzip;q=0",
            "*",
            "identity",
            "gzip;q=x",
        ):
            headers = {"Accept-Encoding": codings}
            response = await client.get("/", headers=headers)
            coding = response.headers.get("Content-Encoding", "-")
            vary, text = response.headers["Vary"], await response.text()
            print(f"{codings:10}{coding:5}{vary} {text}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
