"""Show an unknown path below /api answered in JSON."""

import asyncio

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:missing]
class OwnServer(PromptServer):
    """A server where what is below /api is never a file."""

    # --8<-- [start:gap]
    def add_routes(self) -> None:
        """Add one more route, after all others."""
        super().add_routes()
        self.app.router.add_route("*", "/api/{rest:.*}", self.missing)

    async def missing(self, request: web.Request) -> web.Response:
        """Say that there is no such path, or not for this method."""
        error = {"error": f"no {request.method} {request.path}"}
        return web.json_response(error, status=404)

    # --8<-- [end:gap]


# --8<-- [end:missing]
# --8<-- [start:main]
async def main() -> None:
    async with serving(server_class=OwnServer, worker=False) as served:
        for line in (
            "GET /api/prompt",
            "GET /api/nope",
            "PUT /api/nope",
            "GET /nope",
        ):
            response = await served.client.request(*line.split())
            print(line, response.status, await response.text() or "-")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
