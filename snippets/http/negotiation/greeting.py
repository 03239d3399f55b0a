"""Show a handler that negotiates, and says so in Vary."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.negotiation.choose import choose
from snippets.http.negotiation.languages import lookup

# --8<-- [start:greet]
FORMS = {"text/plain": "{}", "text/html": "<p>{}</p>"}
WORDS = {"en": "hello", "zh": "你好"}
VARY = {"Vary": "Accept, Accept-Language"}


def field(request: web.Request, name: str) -> str:
    """Return a header's value, its lines joined."""
    return ", ".join(request.headers.getall(name, ()))


async def greet(request: web.Request) -> web.Response:
    """Greet as requested; refuse a type, but never a language."""
    kind = choose(field(request, "Accept"), [*FORMS])
    if kind is None:
        raise web.HTTPNotAcceptable(headers=VARY, text=" ".join(FORMS))
    tag = lookup(field(request, "Accept-Language"), [*WORDS]) or "en"
    return web.Response(
        text=FORMS[kind].format(WORDS[tag]),
        content_type=kind,
        headers=VARY | {"Content-Language": tag},
    )


# --8<-- [end:greet]
def build_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", greet)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for accept, language in (
            ("*/*", "en-US, en;q=0.5"),
            ("text/html", "zh-CN"),
            ("text/html", "fr"),
            ("image/png", "en"),
        ):
            headers = {"Accept": accept, "Accept-Language": language}
            response = await client.get("/", headers=headers)
            print(accept, language, sep=" | ")
            print(" ", response.status, await response.text())
            print("  Vary:", response.headers["Vary"])
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
