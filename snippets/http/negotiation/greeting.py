"""Show a handler that negotiates, and says so in Vary."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from snippets.http.negotiation.choose import choose
from snippets.http.negotiation.languages import language_weight

# --8<-- [start:greet]
FORMS = {"text/plain": "{}", "text/html": "<p>{}</p>"}
WORDS = {"en": "hello", "zh-CN": "你好"}
VARY = {"Vary": "Accept, Accept-Language"}


def field(request: web.Request, name: str) -> str:
    """Return a header's value, its lines joined."""
    return ", ".join(request.headers.getall(name, ()))


async def greet(request: web.Request) -> web.Response:
    """Greet as asked; refuse a wrong type, but no language."""
    kind = choose(field(request, "Accept"), [*FORMS])
    if kind is None:
        raise web.HTTPNotAcceptable(headers=VARY, text=" ".join(FORMS))
    wish = field(request, "Accept-Language")
    tag = choose(wish, [*WORDS], language_weight) or "en"
    return web.Response(
        text=FORMS[kind].format(WORDS[tag]),
        content_type=kind,
        headers=VARY | {"Content-Language": tag},
    )


# --8<-- [end:greet]
def build_app() -> web.Application:
    """Return an application that greets."""
    app = web.Application()
    app.router.add_get("/", greet)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        for accept, language in (
            ("*/*", "en-US, en;q=0.5"),
            ("text/html", "zh"),
            ("text/html", "fr"),
            ("image/png", "en"),
        ):
            wish = {"Accept": accept, "Accept-Language": language}
            answer = await client.get("/", headers=wish)
            print(accept, language, sep=" | ")
            print(" ", answer.status, await answer.text())
            print("  Vary:", answer.headers["Vary"])


if __name__ == "__main__":
    asyncio.run(main())
