"""Proofs for the page server/upload-limit."""

import asyncio
import gzip
import inspect
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession, FormData, web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from aiohttp.web_protocol import RequestHandler

from snippets.recreation.cli_args import args
from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving
from snippets.server.upload_limit import one_path


async def tell_limit(request: web.Request) -> web.Response:
    """Respond with the limit that a body has here."""
    return web.Response(text=str(request.client_max_size))


def add_limit(server: PromptServer) -> None:
    """Add a route for it."""
    server.routes.get("/limit")(tell_limit)


def add_readers(server: PromptServer) -> None:
    """Add two handlers that read."""
    server.routes.post("/read")(read)
    server.routes.post("/form")(read_form)


async def read(request: web.Request) -> web.Response:
    """Read the body; say how long it is."""
    return web.Response(text=str(len(await request.read())))


async def read_form(request: web.Request) -> web.Response:
    """Read a form; say how many fields it has."""
    return web.Response(text=str(len(await request.post())))


@asynccontextmanager
async def limited(megabytes: float) -> AsyncIterator[ClientSession]:
    """Run a server that reads bodies up to a limit; yield a client of it."""

    class Limited(PromptServer):
        """A server whose limit may be one that our flag refuses."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            args.max_upload_size = megabytes
            super().__init__(loop)

    async with serving(server_class=Limited, prepare=add_readers, worker=False) as served:
        yield served.client


def form(size: int) -> FormData:
    """Return a form with a file of so many bytes."""
    fields = FormData()
    fields.add_field("image", BytesIO(bytes(size)), filename="a.png")
    return fields


async def test_by_default_the_limit_is_100_mb() -> None:
    """Without the flag the limit is 100 MB of 2**20 bytes, with `--max-upload-size 500` it is 500.

    不写这个参数，应用的上限是 100 MB（每 MB 2**20 字节）；写 `--max-upload-size 500` 就是 500 MB。
    """
    for flags, megabytes in (((), 100), (("--max-upload-size", "500"), 500)):
        async with serving(*flags, prepare=add_limit, worker=False) as served:
            text = await (await served.client.get("/limit")).text()
        assert text == str(megabytes * 2**20)


async def test_a_body_over_the_limit_is_a_413_in_plain_text() -> None:
    """Of 0.01 MB, 10486 bytes, one less is read; one more is a 413 in plain text that names the limit.

    上限 0.01 MB，即 10486 字节：少一个字节读得到，多一个字节就是 413，正文是纯文本，写着这个上限。
    """
    async with limited(0.01) as client:
        assert (await client.post("/read", data=bytes(10485))).status == 200
        response = await client.post("/read", data=bytes(10487))
        assert (response.status, response.content_type) == (413, "text/plain")
        assert (await response.text()).startswith("Maximum request body size 10486 exceeded")


async def test_what_rounds_to_zero_is_no_limit() -> None:
    """A limit of 0, or one so small that it rounds to 0, lets every body in, also as JSON and as a form of either kind.

    上限是 0，或者小到舍入成 0，多大的正文都放进来，JSON 和两种表单也一样。
    """  # noqa: E501
    for megabytes in (0, 1e-9, -1e-9):
        async with limited(megabytes) as client:
            for path, data in (("/read", BytesIO(bytes(2**21))), ("/form", form(2**21))):
                assert (await client.post(path, data=data)).status == 200
            for path, body, kind in (
                ("/form", b"a=%s", "application/x-www-form-urlencoded"),
                ("/queue", b'{"clear": "%s"}', "application/json"),
            ):
                data, headers = BytesIO(body % (b"b" * 2**21)), {"Content-Type": kind}
                assert (await client.post(path, data=data, headers=headers)).status == 200


async def test_a_negative_limit_refuses_reads_but_no_form() -> None:
    """A negative limit refuses a body that is read as JSON, even an empty one, and an encoded form.

    It lets in a multipart form of 2 MiB, and JSON that the handler does not read.

    上限是负数：处理函数当 JSON 读的请求体被拒绝，空的也一样，urlencoded 表单也被拒绝。
    2 MiB 的 multipart 表单却放行，处理函数不读的 JSON 也放行。
    """
    for megabytes in (-1, -1e-6, -100):
        async with limited(megabytes) as client:
            assert (await client.post("/queue", json={})).status == 413
            assert (await client.post("/queue")).status == 413  # its JSON is empty
            assert (await client.post("/read")).status == 413
            assert (await client.post("/interrupt", json={})).status == 200
            assert (await client.post("/form", data={"a": "b"})).status == 413
            for path in ("/form", "/upload/image"):
                assert (await client.post(path, data=form(2**21))).status == 200


async def test_a_body_read_as_json_stays_in_memory() -> None:
    """A request that `POST /prompt` has read as JSON still holds all bytes of its body, though nothing is left to receive.

    请求体由 `POST /prompt` 当 JSON 读过之后，没有什么可再接收的，请求里却仍留着全部字节。
    """  # noqa: E501
    held: list[bytes] = []

    @web.middleware
    async def look_afterwards(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        assert request.content.at_eof()
        held.append(await request.read())
        return response

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.append(look_afterwards)

    body = json.dumps({"more": "x" * 2**19}).encode()
    async with serving(prepare=prepare, worker=False) as served:
        assert (await served.client.post("/prompt", data=body)).status == 400  # it names no prompt
    assert held == [body]


async def test_an_uploaded_file_is_read_whole() -> None:
    """A file of 2 MiB goes to a temporary file on the disk; `image_upload` then reads it in one piece.

    2 MiB 的文件，aiohttp 先写入磁盘上的临时文件；`image_upload` 再一次读完。
    """
    size = 2**21
    on_disk: list[bool] = []
    read: list[int] = []

    @web.middleware
    async def look_before(request: web.Request, handler: Handler) -> web.StreamResponse:
        file: Any = (await request.post())["image"].file  # type: ignore[union-attr]
        on_disk.append(file._rolled)
        whole = file.read

        def noted(*size: int) -> Any:
            data = whole(*size)
            read.append(len(data))
            return data

        file.read = noted
        return await handler(request)

    def prepare(server: PromptServer) -> None:
        server.app.middlewares.append(look_before)

    async with serving(prepare=prepare, worker=False) as served:
        assert (await served.client.post("/upload/image", data=form(size))).status == 200
    assert (on_disk, read) == ([True], [size])


async def test_a_413_does_not_wait_for_the_rest() -> None:
    """The 413 comes when there are too many bytes, while the rest of the body is still to come.

    字节一超过就返回 413，不等正文余下的部分。
    """
    head = b'--B\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    form_type = {"Content-Type": "multipart/form-data; boundary=B"}
    async with limited(0.01) as client:
        for path, start, headers in (
            ("/read", bytes(10487), {}),
            ("/queue", bytes(10487), {}),  # it reads JSON
            ("/form", head + bytes(2**20), form_type),  # an older aiohttp counts whole chunks
            ("/upload/image", head + bytes(2**20), form_type),
        ):
            answered = asyncio.Event()

            async def body(start: bytes = start, answered: asyncio.Event = answered) -> AsyncIterator[bytes]:
                yield start
                await answered.wait()

            async with asyncio.timeout(10), client.post(path, data=body(), headers=headers) as response:
                assert response.status == 413
            answered.set()


async def test_who_sends_on_for_too_long_finds_the_connection_closed() -> None:
    """After a 413 aiohttp reads on for its `lingering_time`, by default 10 s, then it closes the connection.

    A client that reads while it sends has the 413 by then; one that reads only afterwards does not get it.

    返回 413 之后，aiohttp 再读 `lingering_time` 那么久（默认 10 秒），然后关闭连接。
    边发送边读的客户端这时已经得到 413；发完才读的得不到。
    """
    assert inspect.signature(RequestHandler).parameters["lingering_time"].default == 10
    app = web.Application(client_max_size=1000)
    app.router.add_post("/read", read)
    server = TestServer(app)
    await server.start_server(lingering_time=0.2)

    started: list[bytes] = []  # what a client that reads while it sends has read

    def send(seconds: float, reads_early: bool = False) -> bytes:
        """Send a body over the limit for so long, and read the response only then, or early."""
        pieces = 10
        with socket.create_connection((server.host, server.port), timeout=10) as connection:
            length = 2000 + pieces
            connection.sendall(f"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
            connection.sendall(bytes(2000))
            if reads_early:
                started.append(connection.recv(12))
            for _ in range(pieces):
                time.sleep(seconds / pieces)
                connection.sendall(b"x")
            return connection.recv(12)

    try:
        assert await asyncio.to_thread(send, 0.01) == b"HTTP/1.1 413"
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await asyncio.to_thread(send, 2)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await asyncio.to_thread(send, 2, reads_early=True)
        assert started == [b"HTTP/1.1 413"]

        async def slowly() -> AsyncIterator[bytes]:
            yield bytes(2000)
            for _ in range(10):
                await asyncio.sleep(0.2)
                yield b"x"

        async with (
            ClientSession() as client,
            client.post(server.make_url("/read"), data=slowly()) as response,
        ):
            assert response.status == 413
    finally:
        await server.close()


async def test_a_handler_that_does_not_read_meets_no_limit() -> None:
    """A body over the limit is a 413 where it is read, and a 200 at `/interrupt`, which reads none.

    正文超过上限，读它的地方返回 413；`/interrupt` 不读正文，返回 200。
    """
    async with limited(0.01) as client:
        assert (await client.post("/queue", data=bytes(10487))).status == 413
        for size in (10487, 2**22):
            assert (await client.post("/interrupt", data=BytesIO(bytes(size)))).status == 200


async def test_a_form_counts_as_a_whole() -> None:
    """A file just as large as the limit, or a little smaller, is refused: the form around it counts too; so are two files that exceed it together.

    文件恰好等于上限、略小于上限，都会被拒：外面那层表单也算在内；两个文件加起来超过上限，也被拒。
    """  # noqa: E501
    async with limited(0.01) as client:
        for path in ("/form", "/upload/image"):
            for size, status in ((10486, 413), (10400, 413), (10000, 200)):
                assert (await client.post(path, data=form(size))).status == status
            for size, status in ((6000, 413), (4000, 200)):
                two = form(size)
                two.add_field("other", BytesIO(bytes(size)), filename="b.png")
                assert (await client.post(path, data=two)).status == status


async def test_a_packed_body_counts_unpacked() -> None:
    """A few bytes of gzip that unpack to more than the limit are refused, of a form too.

    压缩后才一点点字节，解开超过上限，照样拒绝，表单也一样。
    """
    head = b'--B\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    headers = {"Content-Encoding": "gzip", "Content-Type": "multipart/form-data; boundary=B"}
    async with limited(0.01) as client:
        for size, status in ((20000, 413), (10000, 200)):
            packed = gzip.compress(head + bytes(size) + b"\r\n--B--\r\n")
            assert len(packed) < 200
            for path in ("/read", "/form", "/upload/image"):
                assert (await client.post(path, data=packed, headers=headers)).status == status


async def test_a_clone_has_a_limit_of_its_own() -> None:
    """A clone with a `client_max_size` has that limit, of reads and forms.

    A route cannot be given one. A request whose body has been read cannot be cloned.

    用 `client_max_size` 复制出来的请求，上限就是它，读正文和读表单都一样。
    路由不能设这个值。请求体已经读过的请求不能复制。
    """
    with pytest.raises(TypeError, match="client_max_size"):
        web.Application().add_routes([web.post("/read", read, client_max_size=1)])

    async def read_and_close(request: web.Request) -> web.Response:
        (await request.post())["image"].file.close()  # type: ignore[union-attr]
        return web.Response()

    app = web.Application(client_max_size=1000, middlewares=[one_path.allow_more])
    for path, reader in (("read", read), ("form", read_and_close)):
        app.router.add_post(f"/{path}", reader)
        app.router.add_post(f"/upload/{path}", reader)
        app.router.add_post(f"/uploads/{path}", reader)
    async with TestClient(TestServer(app)) as client:
        for path, body in (("read", bytes), ("form", form)):
            for size, small, large in ((500, 200, 200), (1500, 413, 200), (2500, 413, 413)):
                assert (await client.post(f"/{path}", data=body(size))).status == small
                assert (await client.post(f"/uploads/{path}", data=body(size))).status == small
                assert (await client.post(f"/upload/{path}", data=body(size))).status == large
    raised: list[str] = []

    @web.middleware
    async def read_first(request: web.Request, handler: Handler) -> web.StreamResponse:
        await request.read()
        try:
            return await handler(request)
        except RuntimeError as error:
            raised.append(str(error))
            return web.Response()

    app = web.Application(middlewares=[read_first, one_path.allow_more])
    app.router.add_post("/upload/read", read)
    async with TestClient(TestServer(app)) as client:
        assert await (await client.post("/upload/read", data=b"body")).text() == ""
    assert raised == ["Cannot clone request after reading its content"]


async def test_a_file_of_a_clones_form_stays_open() -> None:
    """After the response aiohttp has closed the file of a form; of a clone's form it has not.

    响应之后，表单里的文件已由 aiohttp 关闭；由复制的请求读的表单，文件没有关闭。
    """
    files: dict[str, Any] = {}

    async def keep_file(request: web.Request) -> web.Response:
        files[request.path] = (await request.post())["image"].file  # type: ignore[union-attr]
        return web.Response()

    app = web.Application(middlewares=[one_path.allow_more])
    for path in ("/form", "/upload/form"):
        app.router.add_post(path, keep_file)
    async with TestClient(TestServer(app)) as client:
        for path in ("/form", "/upload/form"):
            assert (await client.post(path, data=form(500))).status == 200
        closed = {path: file.closed for path, file in files.items()}
    files["/upload/form"].close()
    assert closed == {"/form": True, "/upload/form": False}


async def test_the_middleware_raises_the_limit_of_uploads_alone() -> None:
    """Appended to the server's middlewares, it lets a larger form through at the uploads, also under /api, and nowhere else.

    加到服务器的中间件列表末尾，只有上传的路径（包括 /api 下的）放行更大的表单。
    """  # noqa: E501

    class Limited(PromptServer):
        """A server with a limit of some 1000 bytes."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            args.max_upload_size = 0.001
            super().__init__(loop)
            self.app.middlewares.append(one_path.allow_more)

    async with serving(server_class=Limited, worker=False) as served:
        for path, status in (("/upload/image", 400), ("/api/upload/image", 400), ("/prompt", 413)):
            fields = FormData({"text": "x" * 1500}, default_to_multipart=True)  # 400: it has no image
            assert (await served.client.post(path, data=fields)).status == status
