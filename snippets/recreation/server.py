"""The server: its middlewares, its handlers, and how messages go out.

Handlers are methods here, each can be read and tested alone. There
they are functions within the constructor, which takes 544 lines.
"""

import asyncio
import glob
import ipaddress
import json
import logging
import mimetypes
import os
import socket
import ssl
import struct
import subprocess
import sys
import traceback
import urllib.parse
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from snippets.recreation import execution, folder_paths, nodes, utils
from snippets.recreation.cli_args import args
from snippets.recreation.internal_routes import InternalRoutes


# --8<-- [start:BinaryEventTypes]
class BinaryEventTypes:
    """What a binary message is.

    Source: ComfyUI v0.3.10, server.py 36–38.
    """

    PREVIEW_IMAGE = 1
    UNENCODED_PREVIEW_IMAGE = 2  # never travels: it becomes a 1


# --8<-- [end:BinaryEventTypes]
# --8<-- [start:send_socket_catch_exception]
async def send_socket_catch_exception(
    function: Callable[[Any], Awaitable[None]], message: Any
) -> None:
    """Send one message; a lost connection is logged, no more.

    Source: ComfyUI v0.3.10, server.py 40–44.
    """
    # ComfyUI: five classes, of which these two are the bases.
    try:
        await function(message)
    except (aiohttp.ClientError, ConnectionError) as error:
        logging.warning("send error: %s", error)


# --8<-- [end:send_socket_catch_exception]
# --8<-- [start:get_comfyui_version]
def get_comfyui_version(folder: Path | None = None) -> str:
    """Describe the commit that is checked out; "unknown" if none is.

    Source: ComfyUI v0.3.10, server.py 46–59.
    """
    # ComfyUI: always the folder of this file.
    folder = folder or Path(__file__).resolve().parent
    try:
        import pygit2

        repo = pygit2.Repository(folder)
        tags = pygit2.enums.DescribeStrategy.TAGS
        return repo.describe(describe_strategy=tags).strip()
    except Exception:
        command = ["git", "describe", "--tags"]
        try:
            output = subprocess.check_output(command, cwd=folder)
            return output.decode().strip()
        except Exception as error:
            logging.warning("Failed to get the version: %s", error)
    return "unknown"


# --8<-- [end:get_comfyui_version]
# --8<-- [start:cache_control]
@web.middleware
async def cache_control(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Have the browser revalidate its copies of scripts and styles.

    Source: ComfyUI v0.3.10, server.py 61–66.
    """
    response = await handler(request)
    if request.path.endswith((".js", ".css")):
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


# --8<-- [end:cache_control]
# --8<-- [start:create_cors_middleware]
def create_cors_middleware(allowed_origin: str) -> Middleware:
    """Return a middleware that lets one origin read the responses.

    It answers each OPTIONS itself: 200, empty. What a handler raises
    has no headers. Source: ComfyUI v0.3.10, server.py 68–83.

    Args:
        allowed_origin: such as `https://app.example`, or `*` for all;
            it goes into the header as it is.
    """
    allow = "Access-Control-Allow"
    headers = {
        f"{allow}-Origin": allowed_origin,
        f"{allow}-Methods": "POST, GET, DELETE, PUT, OPTIONS",
        f"{allow}-Headers": "Content-Type, Authorization",
        f"{allow}-Credentials": "true",
    }

    @web.middleware
    async def cors_middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if request.method == "OPTIONS":
            response: web.StreamResponse = web.Response()
        else:
            response = await handler(request)
        response.headers.update(headers)
        return response

    return cors_middleware


# --8<-- [end:create_cors_middleware]
# --8<-- [start:is_loopback]
def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine; a name is looked up.

    Args:
        host: an address without brackets, or a name.

    Returns:
        Whether the address is loopback, for a name the first one that
        is found, IPv4 first; False if the name is not found.

    Raises:
        UnicodeError: the name cannot be looked up at all ("a..b").

    Source: ComfyUI v0.3.10, server.py 85–108.
    """
    if host is None:
        return False
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    found = False
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(socket.gaierror):
            for *_, address in socket.getaddrinfo(
                host, None, family, socket.SOCK_STREAM
            ):
                if not ipaddress.ip_address(address[0]).is_loopback:
                    return found
                found = True
    return found


# --8<-- [end:is_loopback]
# --8<-- [start:create_origin_only_middleware]
def create_origin_only_middleware() -> Middleware:
    """Return a middleware that refuses foreign pages on loopback.

    It answers every OPTIONS itself, and fails (500) if a port is no
    number. Source: ComfyUI v0.3.10, server.py 111–145.
    """

    @web.middleware
    async def origin_only_middleware(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if "Host" in request.headers and "Origin" in request.headers:
            host = request.headers["Host"].lower()
            ours = urllib.parse.urlsplit("//" + host)
            theirs = urllib.parse.urlsplit(request.headers["Origin"])
            page = theirs.netloc.lower()
            loopback = is_loopback(ours.hostname)  # blocks
            # A port is compared only if both sides have one.
            left = ours.hostname if theirs.port is None else host
            right = theirs.hostname if ours.port is None else page
            if loopback and left and right and left != right:
                # ComfyUI: "… non matching host and origin …"
                logging.warning("403: %s is not %s", right, left)
                return web.Response(status=403)
        if request.method == "OPTIONS":
            return web.Response()
        return await handler(request)

    return origin_only_middleware


# --8<-- [end:create_origin_only_middleware]
# --8<-- [start:get_dir_by_type]
def get_dir_by_type(dir_type: str | None) -> tuple[Path, str]:
    """Return the folder of an upload, and its type.

    Raises:
        UnboundLocalError: there is no such type.

    Source: ComfyUI v0.3.10, server.py 254–265.
    """
    if dir_type is None:
        dir_type = "input"
    for kind, folder in folder_paths.directories.items():
        if kind == dir_type:
            type_dir = folder
    return type_dir, dir_type


# --8<-- [end:get_dir_by_type]
# --8<-- [start:compare_image_hash]
def compare_image_hash(filepath: Path, image: Any) -> bool:
    """Say whether a file holds what came; rewind what came.

    Source: ComfyUI v0.3.10, server.py 267–280.
    """
    # ComfyUI: the SHA-256 of both; another sum by --default-hashing…
    same: bool = filepath.read_bytes() == image.file.read()
    image.file.seek(0)
    return same


# --8<-- [end:compare_image_hash]
# --8<-- [start:is_inside]
def is_inside(folder: Path, path: Path) -> bool:
    """Say whether a path lies in a folder, by strings alone.

    `..` takes away the name before it; links are not followed.
    Source: ComfyUI v0.3.10, server.py 299 and 396.
    """
    text = os.path.abspath(path)  # noqa: PTH100 - resolve follows
    return os.path.commonpath([folder, text]) == str(folder)


def is_file(path: Path) -> bool:
    """Say whether it is a file; where Path raises, it is none."""
    return os.path.isfile(path)  # noqa: PTH113


# --8<-- [end:is_inside]
# --8<-- [start:save_as_it_is]
ImageSave = Callable[[Any, Any, Path], object]


def save_as_it_is(image: Any, post: Any, filepath: Path) -> None:
    """Write the bytes that came, whatever they are."""
    filepath.write_bytes(image.file.read())


# --8<-- [end:save_as_it_is]
# --8<-- [start:image_upload]
def image_upload(
    post: Any, image_save_function: ImageSave = save_as_it_is
) -> web.Response:
    """Store a file unless it is there; what saving returns is lost.

    Args:
        post: the form: `image`, `type`, `subfolder`, `overwrite`.
        image_save_function: writes image and form to a path.

    Source: ComfyUI v0.3.10, server.py 282–328.
    """
    image = post.get("image")
    upload_dir, upload_type = get_dir_by_type(post.get("type"))
    if not image or not image.file or not image.filename:
        return web.Response(status=400)
    subfolder = post.get("subfolder", "")
    folder = upload_dir / os.path.normpath(subfolder)
    if not is_inside(upload_dir, folder / image.filename):
        return web.Response(status=400)
    if not folder.exists():
        folder.mkdir(parents=True)
    overwrite = post.get("overwrite") in ("true", "1")
    filename, filepath = free_name(folder, image, overwrite)
    if filepath:
        image_save_function(image, post, filepath)
    place = {"name": filename, "subfolder": subfolder}
    return web.json_response({**place, "type": upload_type})


# --8<-- [end:image_upload]
# --8<-- [start:free_name]
def free_name(
    folder: Path, image: Any, overwrite: bool = False
) -> tuple[str, Path | None]:
    """Find a name for what came, its own or the next one.

    Returns:
        The name, and the path to write to: None if the same bytes
        are there already.

    Source: ComfyUI v0.3.10, server.py 305–317.
    """
    name: str = image.filename
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - `a.`
    path = Path(os.path.normpath(folder / name))
    number = 0
    while path.exists() and not overwrite:
        if compare_image_hash(path, image):
            return name, None
        number += 1
        name = f"{stem} ({number}){suffix}"
        path = folder / name
    return name, path


# --8<-- [end:free_name]
# --8<-- [start:copy_alpha]
def copy_alpha(original: Path, mask: Any, filepath: Path) -> None:
    """Save a picture with the alpha channel of another.

    Args:
        original: gives colours and notes (a PNG's text).
        mask: a path or an open file; gives the alpha channel only.
        filepath: where to; its suffix decides the format.

    Raises:
        OSError: one is no picture, or the format has no alpha.
        ValueError: the sizes differ, or there is no such format.

    Source: ComfyUI v0.3.10, server.py 363–375.
    """
    with Image.open(original) as picture:
        notes = PngInfo()
        for key, text in getattr(picture, "text", {}).items():
            notes.add_text(key, text)
        masked = picture.convert("RGBA")
    masked.putalpha(Image.open(mask).convert("RGBA").getchannel("A"))
    masked.save(filepath, compress_level=4, pnginfo=notes)


# --8<-- [end:copy_alpha]
# --8<-- [start:locate_image]
def locate_image(query: Mapping[str, str]) -> tuple[Path, str] | int:
    """Find the folder and the name that a query means.

    Returns:
        Folder and name, whether there is such a file or not; or the
        status with which the query is refused.

    Raises:
        IndexError: the name is empty.

    Source: ComfyUI v0.3.10, server.py 341–358 and 382–400.
    """
    name, folder = folder_paths.annotated_filepath(query["filename"])
    if name[0] == "/" or ".." in name:
        return 400
    wanted = query.get("type", "output")
    folder = folder or folder_paths.get_directory_by_type(wanted)
    if folder is None:
        return 400
    below = folder / query.get("subfolder", "")
    return (below, name) if is_inside(folder, below) else 403


# --8<-- [end:locate_image]
# --8<-- [start:image_response]
def image_response(
    picture: Image.Image, name: str, kind: str, **options: int
) -> web.Response:
    """Return a picture as a response, encoded anew."""
    file = BytesIO()
    picture.save(file, format=kind, **options)
    return web.Response(
        body=file.getvalue(),
        content_type=f"image/{kind}",
        headers={"Content-Disposition": f'filename="{name}"'},
    )


# --8<-- [end:image_response]
# --8<-- [start:preview_response]
def preview_response(
    path: Path, query: Mapping[str, str]
) -> web.Response:
    """Return a picture as WebP or JPEG: `preview=jpeg;80`.

    Raises:
        OSError: it is no picture.
        ValueError: Pillow cannot write it so.

    Source: ComfyUI v0.3.10, server.py 406–427.
    """
    wanted = query["preview"].split(";")
    kind, channel = wanted[0], query.get("channel", "")
    if kind not in ("webp", "jpeg") or "a" in channel:
        kind = "webp"
    quality = int(wanted[-1]) if wanted[-1].isdigit() else 90
    with Image.open(path) as picture:
        plain = kind == "jpeg" or channel == "rgb"
        shown = picture.convert("RGB") if plain else picture
        return image_response(shown, path.name, kind, quality=quality)


# --8<-- [end:preview_response]
# --8<-- [start:channel_response]
def channel_response(path: Path, channel: str) -> web.Response:
    """Return the colours (`rgb`) or the alpha channel (`a`), as PNG.

    Only mode RGBA counts as having alpha; it is returned on black.
    Source: ComfyUI v0.3.10, server.py 429–461.
    """
    with Image.open(path) as picture:
        shown = picture.convert("RGB")
        if channel == "a":
            shown = Image.new("RGBA", picture.size)
            if picture.mode == "RGBA":
                shown.putalpha(picture.getchannel("A"))
            else:
                shown.putalpha(255)
        return image_response(shown, path.name, "png")


# --8<-- [end:channel_response]
# --8<-- [start:file_headers]
FORCED = {".html", ".htm", ".js", ".css"}
OPAQUE = "application/octet-stream"


def file_headers(name: str) -> dict[str, str]:
    """Return what is said of a file by its name, never its content.

    Source: ComfyUI v0.3.10, server.py 463–476.
    """
    kind = mimetypes.guess_type(name)[0] or OPAQUE
    if Path(name).suffix.lower() in FORCED:
        kind = OPAQUE  # a browser saves it, and shows no page
    shown = f'filename="{name}"'
    return {"Content-Disposition": shown, "Content-Type": kind}


# --8<-- [end:file_headers]
def find_scripts(folder: Path, pattern: str) -> list[str]:
    """Return what matches, in the order of the file system."""
    found = glob.glob(  # noqa: PTH207 - rglob finds hidden ones too
        pattern, root_dir=folder, recursive=True
    )
    return [name.replace("\\", "/") for name in found]


def node_info(node_class: str) -> dict[str, Any]:
    """Describe a kind of node.

    Source: ComfyUI v0.3.10, server.py 543–571.
    """
    # ComfyUI: display names, categories, tooltips, lists.
    kind = nodes.NODE_CLASS_MAPPINGS[node_class]
    return {
        "input": kind.INPUT_TYPES(),
        "input_order": {  # asked again
            key: list(value)
            for key, value in kind.INPUT_TYPES().items()
        },
        "output": kind.RETURN_TYPES,
        "output_is_list": [False] * len(kind.RETURN_TYPES),
        "output_name": kind.RETURN_TYPES,
        "name": node_class,
        "display_name": node_class,
        "description": "",
        "python_module": "nodes",
        "category": "sd",
        "output_node": getattr(kind, "OUTPUT_NODE", False),
    }


# --8<-- [start:build_app]
def build_app() -> web.Application:
    """Return an application without routes, as the flags say.

    `max_upload_size` is in MB of 2**20 bytes; what rounds to 0 bytes
    is no limit at all.
    Source: ComfyUI v0.3.10, server.py 164–168 and 170–171.
    """
    middlewares: list[Middleware] = [cache_control]
    if args.enable_cors_header:
        middlewares.append(
            create_cors_middleware(args.enable_cors_header)
        )
    else:
        middlewares.append(create_origin_only_middleware())
    return web.Application(
        client_max_size=round(args.max_upload_size * 2**20),
        middlewares=middlewares,
    )


# --8<-- [end:build_app]
# --8<-- [start:PromptServer]
class PromptServer:
    """The state that all handlers share, and the handlers.

    Source: ComfyUI v0.3.10, server.py 147–849.
    """

    instance: ClassVar["PromptServer"]  # the last one made
    prompt_queue: execution.PromptQueue  # set by PromptQueue(self)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        PromptServer.instance = self
        mimetypes.init()
        kind = "application/javascript; charset=utf-8"
        mimetypes.types_map[".js"] = kind
        # ComfyUI: users, a manager of models, a list `supports`.
        self.internal_routes = InternalRoutes()
        self.loop = loop
        self.messages = asyncio.Queue[tuple[Any, Any, str | None]]()
        self.client_session: aiohttp.ClientSession | None = None
        self.number = 0
        self.app = build_app()
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.web_root = args.front_end_root
        self.client_id: str | None = None  # whose prompt is running
        self.last_node_id: str | None = None
        self.last_prompt_id: str | None = None
        self.on_prompt_handlers: list[Callable[[Any], Any]] = []
        self.routes = self.build_routes()

    # --8<-- [end:PromptServer]
    # --8<-- [start:build_routes]
    def build_routes(self) -> web.RouteTableDef:
        """Return the table of routes, in the order of server.py."""
        routes = web.RouteTableDef()
        routes.get("/ws")(self.websocket_handler)
        routes.get("/")(self.get_root)
        routes.get("/embeddings")(self.get_embeddings)
        routes.get("/models")(self.list_model_types)
        routes.get("/models/{folder}")(self.get_models)
        routes.get("/extensions")(self.get_extensions)
        routes.post("/upload/image")(self.upload_image)
        routes.post("/upload/mask")(self.upload_mask)
        routes.get("/view")(self.view_image)
        routes.get("/view_metadata/{folder_name}")(self.view_metadata)
        routes.get("/system_stats")(self.system_stats)
        routes.get("/prompt")(self.get_prompt)
        routes.get("/object_info")(self.get_object_info)
        info = self.get_object_info_node
        routes.get("/object_info/{node_class}")(info)
        routes.get("/history")(self.get_history)
        routes.get("/history/{prompt_id}")(self.get_history_prompt_id)
        routes.get("/queue")(self.get_queue)
        routes.post("/prompt")(self.post_prompt)
        routes.post("/queue")(self.post_queue)
        routes.post("/interrupt")(self.post_interrupt)
        routes.post("/free")(self.post_free)
        routes.post("/history")(self.post_history)
        return routes

    # --8<-- [end:build_routes]
    # --8<-- [start:websocket_handler]
    async def websocket_handler(
        self, request: web.Request
    ) -> web.WebSocketResponse:
        """Keep a client's connection until it ends; read, and forget.

        Source: ComfyUI v0.3.10, server.py 186–211.
        """
        await (ws := web.WebSocketResponse()).prepare(request)
        sid = request.query.get("clientId") or uuid.uuid4().hex
        self.sockets.pop(sid, None)  # a name taken over goes to the end
        self.sockets[sid] = ws
        try:
            status = {"status": self.get_queue_info(), "sid": sid}
            await self.send("status", status, sid)
            if self.client_id == sid and self.last_node_id is not None:
                node = {"node": self.last_node_id}
                await self.send("executing", node, sid)
            async for message in ws:
                if message.type == aiohttp.WSMsgType.ERROR:
                    logging.warning(
                        "ws connection closed with exception %s",
                        ws.exception(),
                    )
        finally:
            self.sockets.pop(sid, None)  # even if another has it by now
        return ws

    # --8<-- [end:websocket_handler]
    # --8<-- [start:get_root]
    async def get_root(self, request: web.Request) -> web.FileResponse:
        """Serve the page that loads all others; caches must ask.

        Source: ComfyUI v0.3.10, server.py 213–219.
        """
        response = web.FileResponse(self.web_root / "index.html")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Pragma"] = "no-cache"
        response.headers["Expires"] = "0"
        return response

    # --8<-- [end:get_root]
    # ComfyUI: the first two are no coroutines, which is deprecated.
    async def get_embeddings(
        self, request: web.Request
    ) -> web.Response:
        """List the embeddings, each without its suffix.

        Source: ComfyUI v0.3.10, server.py 221–238.
        """
        names = folder_paths.get_filename_list("embeddings")
        stems = [str(Path(name).with_suffix("")) for name in names]
        return web.json_response(stems)

    async def list_model_types(
        self, request: web.Request
    ) -> web.Response:
        """List the kinds of models."""
        return web.json_response(
            list(folder_paths.folder_names_and_paths)
        )

    async def get_models(self, request: web.Request) -> web.Response:
        """List the models of a kind; an old name will not do."""
        folder = request.match_info["folder"]
        if folder not in folder_paths.folder_names_and_paths:
            return web.Response(status=404)
        names = folder_paths.get_filename_list(folder)
        return web.json_response(names)

    async def get_extensions(
        self, request: web.Request
    ) -> web.Response:
        """List the scripts of the front end, searched each time.

        Source: ComfyUI v0.3.10, server.py 240–252.
        """
        ours = find_scripts(self.web_root, "extensions/**/*.js")
        found = [f"/{name}" for name in ours]
        for name, folder in nodes.EXTENSION_WEB_DIRS.items():
            mount = f"/extensions/{urllib.parse.quote(name)}"
            scripts = find_scripts(folder, "**/*.js")
            found += [f"{mount}/{script}" for script in scripts]
        return web.json_response(found)

    async def upload_image(self, request: web.Request) -> web.Response:
        """Store a picture, or whatever else came as `image`.

        Source: ComfyUI v0.3.10, server.py 330–333.
        """
        return image_upload(await request.post())

    # --8<-- [start:upload_mask]
    async def upload_mask(self, request: web.Request) -> web.Response:
        """Store a picture from `original_ref` with a new alpha channel.

        Source: ComfyUI v0.3.10, server.py 336–377.
        """

        def image_save_function(
            image: Any, post: Any, filepath: Path
        ) -> web.Response | None:
            place = locate_image(json.loads(post["original_ref"]))
            if isinstance(place, int):
                return web.Response(status=place)  # lost
            original = Path(*place)
            if is_file(original):
                copy_alpha(original, image.file, filepath)
            return None

        return image_upload(await request.post(), image_save_function)

    # --8<-- [end:upload_mask]
    # --8<-- [start:view_image]
    async def view_image(
        self, request: web.Request
    ) -> web.StreamResponse:
        """Send a file from one of three folders, or a picture of it.

        Source: ComfyUI v0.3.10, server.py 379–479.
        """
        query = request.query
        if "filename" not in query:
            return web.Response(status=404)
        place = locate_image(query)
        if isinstance(place, int):
            return web.Response(status=place)
        folder, name = place
        path = folder / name.rpartition("/")[2]
        if not is_file(path):
            return web.Response(status=404)
        if "preview" in query:
            return preview_response(path, query)
        if (channel := query.get("channel")) in ("rgb", "a"):
            return channel_response(path, channel)
        return web.FileResponse(path, headers=file_headers(path.name))

    # --8<-- [end:view_image]
    # --8<-- [start:view_metadata]
    async def view_metadata(self, request: web.Request) -> web.Response:
        """Return what a model says about itself.

        Source: ComfyUI v0.3.10, server.py 481–502.
        """
        kind = request.match_info["folder_name"]
        name = request.query.get("filename", "")
        path = folder_paths.get_full_path(kind, name)
        if path and name.endswith(".safetensors"):
            header = utils.safetensors_header(path, 1024 * 1024)
            found = {} if header is None else json.loads(header)
            if "__metadata__" in found:
                return web.json_response(found["__metadata__"])
        return web.Response(status=404)

    # --8<-- [end:view_metadata]
    # --8<-- [start:system_stats]
    async def system_stats(self, request: web.Request) -> web.Response:
        """Describe the machine; the version is looked up each time.

        Source: ComfyUI v0.3.10, server.py 504–537.
        """
        home = Path(sys.executable).parent.name
        system = {
            "os": os.name,
            "ram_total": 0,  # ComfyUI: torch knows all this.
            "ram_free": 0,
            "comfyui_version": get_comfyui_version(),
            "python_version": sys.version,
            "pytorch_version": "",
            "embedded_python": home == "python_embeded",  # so spelt
            "argv": sys.argv,
        }
        device = {
            "name": "cpu",
            "type": "cpu",
            "index": None,
            "vram_total": 0,
            "vram_free": 0,
            "torch_vram_total": 0,
            "torch_vram_free": 0,
        }
        return web.json_response(
            {"system": system, "devices": [device]}
        )

    # --8<-- [end:system_stats]
    # --8<-- [start:get_object_info]
    async def get_object_info(
        self, request: web.Request
    ) -> web.Response:
        """Describe all nodes; one that fails is logged and left out.

        Source: ComfyUI v0.3.10, server.py 573–591.
        """
        found = {}
        for name in nodes.NODE_CLASS_MAPPINGS:
            try:
                found[name] = node_info(name)
            except Exception:
                logging.exception("node %s", name)
        return web.json_response(found)

    async def get_object_info_node(
        self, request: web.Request
    ) -> web.Response:
        """Describe one node; an unknown one is an empty object."""
        name = request.match_info["node_class"]
        known = name in nodes.NODE_CLASS_MAPPINGS
        return web.json_response(
            {name: node_info(name)} if known else {}
        )

    # --8<-- [end:get_object_info]
    async def get_prompt(self, request: web.Request) -> web.Response:
        """Say how many prompts are left (server.py 539–541)."""
        return web.json_response(self.get_queue_info())

    async def get_history(self, request: web.Request) -> web.Response:
        """List what ran; `max_items` limits it to the newest."""
        count = request.query.get("max_items")
        limit = None if count is None else int(count)
        return web.json_response(
            self.prompt_queue.get_history(max_items=limit)
        )

    async def get_history_prompt_id(
        self, request: web.Request
    ) -> web.Response:
        """Return one that ran, or an empty object."""
        prompt_id = request.match_info["prompt_id"]
        return web.json_response(
            self.prompt_queue.get_history(prompt_id=prompt_id)
        )

    async def get_queue(self, request: web.Request) -> web.Response:
        """List what runs and what waits (server.py 593–611)."""
        running, pending = self.prompt_queue.get_current_queue()
        return web.json_response(
            {"queue_running": running, "queue_pending": pending}
        )

    # --8<-- [start:post_prompt]
    async def post_prompt(self, request: web.Request) -> web.Response:
        """Number a prompt, check it, let it wait.

        Source: ComfyUI v0.3.10, server.py 613–648.
        """
        data = self.trigger_on_prompt(await request.json())
        if "number" in data:
            number = float(data["number"])
        else:
            front = "front" in data and data["front"]
            number = -self.number if front else self.number
            self.number += 1
        if "prompt" not in data:
            body: Any = {"error": "no prompt", "node_errors": []}
            return web.json_response(body, status=400)
        prompt = data["prompt"]
        _, error, outputs, node_errors = execution.validate_prompt(
            prompt
        )
        extra_data = data.get("extra_data", {})
        if "client_id" in data:
            extra_data["client_id"] = data["client_id"]
        if error:
            body = {"error": error, "node_errors": node_errors}
            return web.json_response(body, status=400)
        prompt_id = str(uuid.uuid4())
        item = number, prompt_id, prompt, extra_data, outputs
        self.prompt_queue.put(item)
        body = {"prompt_id": prompt_id, "number": number}
        return web.json_response({**body, "node_errors": node_errors})

    # --8<-- [end:post_prompt]
    async def post_queue(self, request: web.Request) -> web.Response:
        """Take prompts back: all that wait, or some.

        Source: ComfyUI v0.3.10, server.py 650–662.
        """
        data = await request.json()
        clear = "clear" in data and data["clear"]
        if clear:
            self.prompt_queue.wipe_queue()
        if "delete" in data:
            for prompt_id in data["delete"]:

                def chosen(item: Any, wanted: Any = prompt_id) -> bool:
                    return bool(item[1] == wanted)

                self.prompt_queue.delete_queue_item(chosen)
        return web.Response()

    async def post_interrupt(
        self, request: web.Request
    ) -> web.Response:
        """Ask the running prompt to stop; no body is read.

        Source: ComfyUI v0.3.10, server.py 664–678.
        """
        nodes.interrupt_processing()
        return web.Response()

    async def post_free(self, request: web.Request) -> web.Response:
        """Ask the worker to free memory after this prompt."""
        data = await request.json()
        asked = {
            name: data.get(name, False)
            for name in ("unload_models", "free_memory")
        }
        for name, value in asked.items():
            if value:
                self.prompt_queue.set_flag(name, value)
        return web.Response()

    async def post_history(self, request: web.Request) -> web.Response:
        """Forget what ran: all, or some.

        Source: ComfyUI v0.3.10, server.py 680–691.
        """
        data = await request.json()
        clear = "clear" in data and data["clear"]
        if clear:
            self.prompt_queue.wipe_history()
        if "delete" in data:
            for prompt_id in data["delete"]:
                self.prompt_queue.delete_history_item(prompt_id)
        return web.Response()

    # --8<-- [start:setup]
    async def setup(self) -> None:
        """Open a client that extensions may use; it never times out.

        Source: ComfyUI v0.3.10, server.py 693–695.
        """
        timeout = aiohttp.ClientTimeout(total=None)
        self.client_session = aiohttp.ClientSession(timeout=timeout)

    # --8<-- [end:setup]
    # --8<-- [start:add_routes]
    def add_routes(self) -> None:
        """Add each route below /api and as it is; then the files.

        Raises:
            TypeError: a route has options, such as a name.

        Source: ComfyUI v0.3.10, server.py 697–721.
        """
        internal = self.internal_routes.get_app()
        self.app.add_subapp("/internal", internal)
        api_routes = web.RouteTableDef()
        for route in self.routes:
            if isinstance(route, web.RouteDef):
                add: Any = api_routes.route(
                    route.method, "/api" + route.path
                )
                add(route.handler, **route.kwargs)  # takes none
        self.app.add_routes(api_routes)
        self.app.add_routes(self.routes)
        for name, folder in nodes.EXTENSION_WEB_DIRS.items():
            files = web.static(f"/extensions/{name}", folder)
            self.app.add_routes([files])
        self.app.add_routes([web.static("/", self.web_root)])

    # --8<-- [end:add_routes]
    def get_queue_info(self) -> dict[str, Any]:
        """Return how many prompts wait or run, as clients see it.

        Source: ComfyUI v0.3.10, server.py 723–728.
        """
        left = self.prompt_queue.get_tasks_remaining()
        return {"exec_info": {"queue_remaining": left}}

    # --8<-- [start:send]
    async def send(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        """Send now: go by the event first, then by the kind of data.

        Args:
            event: a name, or the number of a binary event.
            data: what JSON can hold, bytes, or a preview.
            sid: one client; None means all.

        Source: ComfyUI v0.3.10, server.py 730–736.
        """
        if event == BinaryEventTypes.UNENCODED_PREVIEW_IMAGE:
            await self.send_image(data, sid)
        elif isinstance(data, bytes | bytearray):
            await self.send_bytes(event, data, sid)
        else:
            await self.send_json(event, data, sid)

    # --8<-- [end:send]
    # --8<-- [start:encode_bytes]
    def encode_bytes(
        self, event: int, data: bytes | bytearray
    ) -> bytearray:
        """Put the event, four bytes, before the data.

        Raises:
            RuntimeError: the event is no number.

        Source: ComfyUI v0.3.10, server.py 738–745.
        """
        if not isinstance(event, int):
            raise RuntimeError(f"{event!r} is no number")
        return bytearray(struct.pack(">I", event) + data)

    # --8<-- [end:encode_bytes]
    # --8<-- [start:send_image]
    async def send_image(
        self,
        image_data: tuple[str, Image.Image, int | None],
        sid: str | None = None,
    ) -> None:
        """Send four bytes of type, then the picture as a file.

        Args:
            image_data: the format by Pillow's name, the picture, and
                how many pixels its longer side is to have; None
                leaves it as large as it is.
            sid: one client; None means all.

        Raises:
            OSError: the format cannot hold such a picture.
            ValueError: one side comes to nothing.

        Source: ComfyUI v0.3.10, server.py 747–769.
        """
        kind, image, size = image_data[0], image_data[1], image_data[2]
        if size is not None:
            image = ImageOps.contain(
                image, (size, size), Image.Resampling.BILINEAR
            )
        file = BytesIO(struct.pack(">I", 2 if kind == "PNG" else 1))
        file.seek(4)
        image.save(file, format=kind, quality=95, compress_level=1)
        event = BinaryEventTypes.PREVIEW_IMAGE
        await self.send_bytes(event, file.getvalue(), sid)

    # --8<-- [end:send_image]
    async def send_bytes(
        self,
        event: int,
        data: bytes | bytearray,
        sid: str | None = None,
    ) -> None:
        """Send to one client, or one after the other to all.

        Source: ComfyUI v0.3.10, server.py 771–779.
        """
        message = self.encode_bytes(event, data)
        for ws in self.choose_sockets(sid):
            await send_socket_catch_exception(ws.send_bytes, message)

    # --8<-- [start:send_json]
    async def send_json(
        self, event: str, data: Any, sid: str | None = None
    ) -> None:
        """Send to one client, or one after the other to all.

        Source: ComfyUI v0.3.10, server.py 781–789.
        """
        message = {"type": event, "data": data}
        for ws in self.choose_sockets(sid):
            await send_socket_catch_exception(ws.send_json, message)

    # ComfyUI: once in each of the two methods.
    def choose_sockets(
        self, sid: str | None
    ) -> list[web.WebSocketResponse]:
        """Return all connections now open, or one; none if unknown."""
        if sid is None:
            return list(self.sockets.values())
        return [self.sockets[sid]] if sid in self.sockets else []

    # --8<-- [end:send_json]
    # --8<-- [start:send_sync]
    def send_sync(
        self, event: Any, data: Any, sid: str | None = None
    ) -> None:
        """Leave a message and return at once; any thread may.

        Source: ComfyUI v0.3.10, server.py 791–793.
        """
        put = self.messages.put_nowait
        self.loop.call_soon_threadsafe(put, (event, data, sid))

    def queue_updated(self) -> None:
        """Tell all clients how many prompts are left.

        Source: ComfyUI v0.3.10, server.py 795–796.
        """
        self.send_sync("status", {"status": self.get_queue_info()})

    async def publish_loop(self) -> None:
        """Send one after the other, until a message raises.

        Source: ComfyUI v0.3.10, server.py 798–801.
        """
        while True:
            await self.send(*await self.messages.get())

    # --8<-- [end:send_sync]
    # --8<-- [start:start]
    async def start(self, address: str, port: int) -> web.AppRunner:
        """Listen at one address (server.py 803–804)."""
        return await self.start_multi_address([(address, port)])

    async def start_multi_address(
        self, addresses: list[tuple[str, int]]
    ) -> web.AppRunner:
        """Listen at every address; return the runner they share.

        Raises:
            OSError: an address cannot be listened at, or key and
                certificate do not belong together.

        Source: ComfyUI v0.3.10, server.py 806–833.
        """
        # ComfyUI: the runner is not returned.
        runner = web.AppRunner(self.app, access_log=None)
        await runner.setup()
        context = tls_context()
        scheme = "https" if context else "http"
        for address, port in addresses:
            site = web.TCPSite(
                runner, address, port, ssl_context=context
            )
            await site.start()
            shown = f"[{address}]" if ":" in address else address
            logging.info("%s://%s:%s", scheme, shown, port)
        return runner

    # --8<-- [end:start]
    def add_on_prompt_handler(
        self, handler: Callable[[Any], Any]
    ) -> None:
        """Let an extension change each prompt before it is looked at.

        Source: ComfyUI v0.3.10, server.py 838–839.
        """
        self.on_prompt_handlers.append(handler)

    def trigger_on_prompt(self, json_data: Any) -> Any:
        """Let extensions change a body; one that raises is passed over.

        Args:
            json_data: the body of POST /prompt, already decoded.

        Returns:
            What the last handler returned, or the body; what one
            returns is what the next one gets.

        Source: ComfyUI v0.3.10, server.py 838–849.
        """
        for handler in self.on_prompt_handlers:
            try:
                json_data = handler(json_data)
            except Exception:
                logging.warning("%s", traceback.format_exc())
        return json_data


# --8<-- [start:tls_context]
def tls_context() -> ssl.SSLContext | None:
    """Return what TLS needs; None unless both files are given.

    Raises:
        OSError: a file is missing, or key and certificate do not
            belong together.

    Source: ComfyUI v0.3.10, server.py 809–815.
    """
    if not (args.tls_keyfile and args.tls_certfile):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.tls_certfile, args.tls_keyfile)
    return context


# --8<-- [end:tls_context]
