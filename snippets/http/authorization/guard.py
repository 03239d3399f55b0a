"""Show an authentication middleware: 401, 403 or 200."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from snippets.http.authorization.bearer import parse_bearer
from snippets.http.authorization.compare import same

# --8<-- [start:guard]
METHODS = web.AppKey("METHODS", dict[str, set[str]])  # by token


def refuse(status: int, **error: str) -> web.Response:
    """Refuse, with the challenge in WWW-Authenticate."""
    words = {"realm": "queue"} | error
    challenge = ", ".join(f'{name}="{words[name]}"' for name in words)
    headers = {"WWW-Authenticate": f"Bearer {challenge}"}
    return web.Response(status=status, headers=headers)


@web.middleware
async def guard(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pass on requests whose token allows the method."""
    token = parse_bearer(request.headers.get("Authorization", ""))
    if token is None:
        return refuse(401)
    for key, methods in request.config_dict[METHODS].items():
        if same(token, key.encode()):
            if request.method in methods:
                return await handler(request)
            return refuse(403, error="insufficient_scope")
    return refuse(401, error="invalid_token")


# --8<-- [end:guard]
async def queue(request: web.Request) -> web.Response:
    return web.Response(text="welcome")


def build_app() -> web.Application:
    """Return an application that knows two tokens."""
    app = web.Application(middlewares=[guard])
    app[METHODS] = {"r3ad": {"GET"}, "wr1te": {"GET", "POST"}}
    app.router.add_route("*", "/queue", queue)
    return app


async def main() -> None:
    async with TestClient(TestServer(build_app())) as client:
        # --8<-- [start:call]
        for token in ("[token]", "wrong", "r3ad", "wr1te"):
            headers = {"Authorization": f"Bearer {token}"}
            response = await client.post("/queue", headers=headers)
            challenge = response.headers.get("WWW-Authenticate", "-")
            print(f"{token:8}{response.status} {challenge}")
        # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
