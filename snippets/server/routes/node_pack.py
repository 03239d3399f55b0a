"""Show a node pack's own route and message, and a client of both."""

import asyncio

from aiohttp import web

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving


# --8<-- [start:pack]
def import_node_pack(_: object = None) -> None:
    """Do what the pack's `__init__.py` does when it is imported."""
    server = PromptServer.instance

    @server.routes.post("/my_pack/greet")
    async def greet(request: web.Request) -> web.Response:
        body = await request.json()
        data = {"text": f"hello, {body['name']}"}
        server.send_sync("my_pack.greeting", data, body["client_id"])
        return web.json_response({"sent": True})


# --8<-- [end:pack]
# --8<-- [start:main]
async def main() -> None:
    async with serving(
        prepare=import_node_pack, worker=False
    ) as served:
        ws = await served.client.ws_connect("/ws?clientId=me")
        print("first:", (await ws.receive_json())["type"])
        response = await served.client.post(
            "/api/my_pack/greet",
            json={"name": "reader", "client_id": "me"},
        )
        print("response:", response.status, await response.text())
        message = await ws.receive_json()
        print("message:", message["type"], message["data"])
        await ws.close()


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
