"""Show which step answers a request, and how."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.routes.unknown import ask

# --8<-- [start:requests]
REQUESTS = {
    "route": "GET /queue",
    "file": "GET /index.html",
    "nothing": "GET /nope",
    "post": "POST /nope",
    "outside": "GET //nope",
    "internal": "GET /internal/nope",
}


# --8<-- [end:requests]
# --8<-- [start:steps]
def steps(
    found: list[web.UrlMappingMatchInfo], root: Path
) -> Iterator[tuple[str, bool]]:
    """Yield each step and its answer, from what the router found.

    Args:
        found: the match that came to the last middleware; none if an
            earlier one had answered.
        root: the folder of the front end.
    """
    yield "options", not found
    match = found[0]
    resource, inside = match.route.resource, len(match.apps) > 1
    folder = isinstance(resource, web.StaticResource)
    error = match.http_exception
    yield "route", not (inside or folder or error)
    yield "internal", inside
    yield "method", error is None
    yield "pack", match.get_info().get("prefix") != ""
    path = (root / match["filename"]).resolve()
    yield "outside", not path.is_relative_to(root)
    yield "file", path.is_file()
    yield "folder", path.is_dir()


# --8<-- [end:steps]
# --8<-- [start:follow]
async def follow(root: Path, line: str) -> str:
    """Return the steps up to the one that answers, and its answer."""
    found: list[web.UrlMappingMatchInfo] = []

    @web.middleware
    async def note(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        found.append(request.match_info)
        return await handler(request)

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.append(note)

    flags = "--front-end-root", str(root)
    async with serving(*flags, prepare=prepare, worker=False) as served:
        answer = await ask(served.address, line)
    events = []
    for step, yes in steps(found, root):
        events.append(f"{step} {'yes' if yes else 'no'}")
        if yes != (step == "method"):
            break
    return ", ".join([*events, answer])


# --8<-- [end:follow]
# --8<-- [start:main]
async def show(root: Path) -> None:
    """Print what each request gets."""
    for case, line in REQUESTS.items():
        print(f"{case}: {await follow(root, line)}")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        (root / "index.html").write_text("hello")
        asyncio.run(show(root))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
