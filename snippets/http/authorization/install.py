"""Show the guard in front of ComfyUI, put there by a custom node."""

import asyncio

from snippets.http.authorization.guard import METHODS, guard
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:install]
def install() -> None:
    """Guard the server; not possible any more once it runs."""
    app = PromptServer.instance.app
    page = {"GET", "HEAD", "POST", "PATCH", "DELETE"}  # all it needs
    app[METHODS] = {"TOKEN": page, "r3ad": {"GET", "HEAD"}}
    app.middlewares.append(guard)


# --8<-- [end:install]
async def main() -> None:
    # --8<-- [start:call]
    async with serving(
        prepare=lambda _: install(), worker=False
    ) as served:
        for token in ("wrong", "r3ad", "TOKEN"):
            headers = {"Authorization": f"Bearer {token}"}
            got = [
                await served.client.request(
                    method, "/queue", json={}, headers=headers
                )
                for method in ("GET", "POST")
            ]
            print(f"{token:6}", *(response.status for response in got))
    # --8<-- [end:call]


if __name__ == "__main__":
    asyncio.run(main())
