"""A route and a message of a node pack's own."""

from aiohttp import web
from server import PromptServer

NODE_CLASS_MAPPINGS = {}  # no nodes; without it: IMPORT FAILED
WEB_DIRECTORY = "web"  # scripts for ComfyUI's page


@PromptServer.instance.routes.post("/my_pack/greet")
async def greet(request: web.Request) -> web.Response:
    body = await request.json()
    data = {"text": f"hello, {body['name']}"}
    server, sid = PromptServer.instance, body.get("client_id")
    server.send_sync("my_pack.greeting", data, sid)
    return web.json_response({"sent": True})
