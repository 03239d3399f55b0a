"""Show how to find out which node breaks /object_info."""

import asyncio
import json
import logging
from typing import NoReturn
from unittest.mock import patch
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, web
from yarl import URL

from snippets.recreation.nodes import NODE_CLASS_MAPPINGS
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.introspection.bad_nodes import BAD


# --8<-- [start:find]
def import_node_pack(_: object = None) -> None:
    """Add a route that lists the names, as a node pack can."""

    @PromptServer.instance.routes.get("/my_pack/names")
    async def names(request: web.Request) -> web.Response:
        return web.json_response(list(NODE_CLASS_MAPPINGS))


def refuse(constant: str) -> NoReturn:
    """Refuse Infinity and NaN, which are not JSON."""
    raise ValueError(constant)


async def find_bad_nodes(client: ClientSession) -> dict[str, str]:
    """Ask for each node alone; return what is wrong with which."""
    found = {}
    names = await (await client.get("/my_pack/names")).json()
    for name in names:
        path = f"/object_info/{quote(name, safe='')}"
        response = await client.get(URL(path, encoded=True))
        try:
            response.raise_for_status()
            json.loads(await response.text(), parse_constant=refuse)
        except (ClientError, ValueError) as error:
            found[name] = str(error).partition(",")[0]
    return found


# --8<-- [end:find]
# --8<-- [start:main]
async def main() -> None:
    logging.disable()  # tracebacks
    with patch.dict(NODE_CLASS_MAPPINGS, BAD):
        async with serving(
            prepare=import_node_pack, worker=False
        ) as served:
            for name, error in (
                await find_bad_nodes(served.client)
            ).items():
                print(f"{name}: {error}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
