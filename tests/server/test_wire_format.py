"""Proofs for the page server/wire-format."""

import asyncio
import json
import struct
import threading
from io import BytesIO
from traceback import format_exception_only
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image, UnidentifiedImageError
from playwright.async_api import Browser, Error

from snippets.recreation import main
from snippets.recreation.server import BinaryEventTypes, PromptServer
from snippets.recreation.serving import example_prompt, serving
from snippets.server.prompt_queue.not_a_number import strict
from snippets.server.wire_format import newer, previews
from snippets.server.wire_format.decoded import decode
from tests.client import connect

RED = Image.new("RGB", (64, 48), "red")
CLEAR, THIN = Image.new("RGBA", (8, 8)), Image.new("RGB", (64, 1))
PREVIEW = BinaryEventTypes.UNENCODED_PREVIEW_IMAGE
WRONG: dict[str, tuple[Any, Any]] = {
    "a name with bytes": ("preview", b"x"),
    "a negative number": (-1, b"x"),
    "33 bits": (2**32, b"x"),
    "64x1 into 16": (PREVIEW, ("PNG", THIN, 16)),
    "bytes for a picture": (PREVIEW, b"abc"),
    "a set as JSON": ("progress", {1, 2}),
}


def wrong(what: str) -> tuple[Any, Any]:
    """Return an event and data that cannot be sent."""
    mode, is_jpeg, _ = what.partition(" as JPEG")
    return (PREVIEW, ("JPEG", CLEAR.convert(mode), None)) if is_jpeg else WRONG[what]


async def attempt(event: Any, data: Any) -> str:
    """Send while no client is connected; return the name of what it raised, or "sent"."""
    try:
        await unconnected().send(event, data)
    except Exception as error:
        return format_exception_only(error)[0].partition(":")[0]
    return "sent"


async def sent(event: Any, data: Any) -> aiohttp.WSMessage:
    """Send one message to a real client; return what it received."""
    async with serving(worker=False, publish=False) as (server, client, *_):
        ws = await connect(client)
        await server.send(event, data)
        return await ws.receive(timeout=10)


def unconnected() -> PromptServer:
    """Return a server that nobody is connected to."""
    return PromptServer(asyncio.get_running_loop())


def opened(frame: bytes) -> Image.Image:
    """Return the picture in a frame, without its eight bytes of event and type."""
    return Image.open(BytesIO(frame[8:]))


@pytest.mark.parametrize("event", ["progress", 1, 3, None])
async def test_data_that_is_no_bytes_is_json(event: Any) -> None:
    """A dict, a list, a text, a number or None travels as JSON with `type` and `data`, in a text message, under a name, 1, 3 or None.

    事件是名字、1、3 或者 None，字典、列表、文字、数、None 都装进带 `type` 和 `data` 的 JSON，用文本消息发。
    """  # noqa: E501
    for data in ({"value": 5}, [5], "text", 5, None):
        message = await sent(event, data)
        assert message.type is aiohttp.WSMsgType.TEXT
        assert message.json() == {"type": event, "data": data}


@pytest.mark.parametrize("data", [b"hi", bytearray(b"hi")])
async def test_bytes_follow_four_bytes_of_event(data: bytes | bytearray) -> None:
    """Bytes travel in a binary message after the event's number, four bytes, the highest first.

    bytes 用二进制消息发，前面四个字节是事件的号码，高位在前。
    """
    message = await sent(258, data)
    assert message.type is aiohttp.WSMsgType.BINARY
    assert message.data == b"\x00\x00\x01\x02hi"


async def test_a_preview_has_eight_bytes_before_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """A preview is the event, 1, then the type, 1 or 2, four bytes each, then the file of the picture.

    预览图先是事件，即 1，再是类型，1 或 2，各四个字节，然后才是图片文件。
    """
    for kind, label, begins in (("JPEG", 1, b"\xff\xd8\xff"), ("PNG", 2, b"\x89PNG")):
        frame = (await sent(BinaryEventTypes.UNENCODED_PREVIEW_IMAGE, (kind, RED, None))).data
        assert struct.unpack(">II", frame[:8]) == (1, label)
        assert frame[8:].startswith(begins)
        with Image.open(BytesIO(frame[8:])) as found:
            assert (found.format, found.size) == (kind, RED.size)
    await previews.main()
    seen = [line.split()[-3:] for line in capsys.readouterr().out.splitlines()]
    kinds = [("1:", "JPEG"), ("2:", "PNG"), ("1:", "PNG"), ("1:", "WEBP"), *[("1:", "JPEG")] * 3]
    sizes = [*["64x48"] * 5, "16x12", "128x96"]
    assert seen == [[*kind, size] for kind, size in zip(kinds, sizes, strict=True)]


@pytest.mark.parametrize("event", [2, 2.0, BinaryEventTypes.UNENCODED_PREVIEW_IMAGE])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_two_never_travels_as_an_event(event: Any, kind: str) -> None:
    """What `send` or `send_sync` sends as event 2, or as a number equal to it, arrives as event 1; `send_bytes` keeps the 2.

    用 `send` 或 `send_sync` 以事件 2、或者和它相等的数发出的，到了对面都是事件 1；用 `send_bytes` 则仍是 2。
    """  # noqa: E501
    frame = (await sent(event, (kind, RED, 16))).data
    assert frame[:4] == b"\x00\x00\x00\x01"
    async with serving(worker=False) as (server, client, *_):
        ws = await connect(client)
        server.send_sync(event, (kind, RED, 16))
        assert await ws.receive_bytes(timeout=10) == frame
        await server.send_bytes(2, b"xyz")
        assert await ws.receive_bytes(timeout=10) == b"\x00\x00\x00\x02xyz"


async def test_the_event_goes_before_the_kind_of_data() -> None:
    """Event 2 makes a preview of anything: bytes under it are not sent, but raise, fewer than three an IndexError.

    事件 2 把什么都当预览图：它底下的 bytes 不会原样发出去，而是抛异常；不到三个字节，是 IndexError。
    """  # noqa: E501
    for data, error in (
        (b"abc", AttributeError),
        (b"a picture", AttributeError),
        (b"ab", IndexError),
        (b"", IndexError),
        (("PNG", RED), IndexError),
    ):
        with pytest.raises(error):
            await unconnected().send(2, data)
    assert (await sent(3, b"abc")).data == b"\x00\x00\x00\x03abc"


@pytest.mark.parametrize(
    ("kind", "label", "found"),
    [
        ("JPEG", 1, "JPEG"),
        ("PNG", 2, "PNG"),
        ("WEBP", 1, "WEBP"),
        ("png", 1, "PNG"),
        ("jpeg", 1, "JPEG"),
        ("GIF", 1, "GIF"),
        ("BMP", 1, "BMP"),
    ],
)
async def test_whatever_is_not_png_is_labelled_one(kind: str, label: int, found: str) -> None:
    """Only `PNG` in capitals is type 2; everything else is labelled 1, as if it were JPEG.

    只有大写的 `PNG` 是类型 2；其余一律标成 1，好像都是 JPEG。
    """
    frame = (await sent(2, (kind, RED, None))).data
    assert (frame[4:8], opened(frame).format) == (bytes([0, 0, 0, label]), found)


@pytest.mark.parametrize(
    ("old", "size", "new"),
    [
        ((64, 48), 16, (16, 12)),
        ((48, 64), 16, (12, 16)),
        ((64, 48), 128, (128, 96)),
        ((64, 48), 64, (64, 48)),
        ((64, 48), None, (64, 48)),
    ],
)
async def test_a_preview_fills_its_square(
    old: tuple[int, int], size: int | None, new: tuple[int, int]
) -> None:
    """A picture is shrunk or enlarged until its longer side fits, its ratio kept; None leaves it.

    图片放大或缩小到长边正好，比例不变；None 就不动它。
    """
    frame = (await sent(2, ("PNG", Image.new("RGB", old), size))).data
    assert opened(frame).size == new


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("a name with bytes", "RuntimeError"),
        ("a negative number", "struct.error"),
        ("33 bits", "struct.error"),
        ("RGBA as JPEG", "OSError"),
        ("LA as JPEG", "OSError"),
        ("P as JPEG", "OSError"),
        ("F as JPEG", "OSError"),
        ("64x1 into 16", "ValueError"),
        ("bytes for a picture", "AttributeError"),
    ],
)
async def test_bad_bytes_raise_even_with_nobody_there(what: str, error: str) -> None:
    """What cannot become bytes raises, even when no client is connected.

    变不成字节的就抛异常，哪怕一个客户端也没连着。
    """
    assert await attempt(*wrong(what)) == error
    assert await attempt(PREVIEW, ("JPG", CLEAR, None)) == "KeyError"  # no name of a format
    assert await attempt(2**32 - 1, b"x") == await attempt(0, b"x") == "sent"
    assert len(WRONG) == 6  # those above but for four pictures as JPEG, and a set as JSON


async def test_bad_json_raises_only_with_somebody_there() -> None:
    """What cannot become JSON raises for a connected client, not for an absent one; a tuple as value can.

    数据不能转成 JSON，例如有集合、字典里有字节、列表包含它自己：发给连接着的客户端时抛异常，
    客户端不在就不抛；值是元组就可以。
    """
    event, numbers = wrong("a set as JSON")
    circle: list[Any] = []
    circle.append(circle)
    for data in (
        circle,
        numbers,
        {"sizes": [numbers]},
        {"picture": b"x"},
        {"node": object()},
        {(1, 2): "a tuple as key"},
    ):
        assert await attempt(event, data) == "sent"
        error = ValueError if data is circle else TypeError
        with pytest.raises(error):
            json.dumps(data)
        with pytest.raises(error):
            await sent(event, data)
    assert (await sent(event, {1: (2, 3)})).json()["data"] == {"1": [2, 3]}  # JSON has neither
    async with serving(worker=False, publish=False) as (server, client, *_):
        await connect(client)
        await server.send(event, numbers, "absent")  # a name that nobody has


@pytest.mark.parametrize(
    "what",
    [
        "a name with bytes",
        "a negative number",
        "33 bits",
        "RGBA as JPEG",
        "LA as JPEG",
        "P as JPEG",
        "F as JPEG",
        "64x1 into 16",
        "bytes for a picture",
    ],
)
async def test_one_rgba_picture_ends_the_publishing(what: str) -> None:
    """A preview with transparency as JPEG ends `publish_loop`, with no client connected; so do eight others.

    一张带透明的图当 JPEG 发，`publish_loop` 就结束，哪怕没有客户端连接；另外八种错也一样。
    """
    server = unconnected()
    server.send_sync(*wrong(what))
    with pytest.raises((OSError, ValueError, RuntimeError, AttributeError, struct.error)) as ended:
        await asyncio.wait_for(server.publish_loop(), 10)
    assert not isinstance(ended.value, TimeoutError)
    assert (str(ended.value) == "cannot write mode RGBA as JPEG") == (what == "RGBA as JPEG")


async def test_without_its_alpha_the_picture_is_sent_as_jpeg() -> None:
    """The RGBA, LA and P pictures that cannot be sent as JPEG are sent, and arrive as one, after `convert("RGB")`.

    当作 JPEG 发不出去的 RGBA、LA、P 图片，先 `convert("RGB")`，就发得出去，收到的是 JPEG。
    """  # noqa: E501
    for mode in ("RGBA", "LA", "P"):
        event, (kind, picture, size) = wrong(f"{mode} as JPEG")
        assert (kind, picture.mode) == ("JPEG", mode)
        frame = (await sent(event, (kind, picture.convert("RGB"), size))).data
        assert opened(frame).format == "JPEG"


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(
    ("what", "error"), [("RGBA as JPEG", OSError), ("a set as JSON", TypeError), ("33 bits", struct.error)]
)
async def test_run_ends_with_it(what: str, error: type[Exception]) -> None:
    """`main.run`, for which the program waits, raises what `publish_loop` raised, which the traceback names.

    `publish_loop` 抛出的异常，程序等着的 `main.run` 也照样抛出，traceback 里有 `publish_loop`。
    """
    server = unconnected()
    server.sockets["me"] = web.WebSocketResponse()  # a set is encoded only for somebody
    server.send_sync(*wrong(what))
    with pytest.raises(error) as raised:
        await asyncio.wait_for(main.run(server, "127.0.0.1", 0), 10)
    assert "publish_loop" in [entry.name for entry in raised.traceback]
    await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()})  # it may still begin to listen


async def test_a_set_ends_it_with_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set ends `publish_loop` while a client is connected; with none the next message is taken.

    有客户端连着，一个集合就让 `publish_loop` 结束；没有客户端连接，它接着取下一条。
    """
    async with serving(worker=False) as (server, client, _, _, publishing):
        assert publishing
        taken, plain = asyncio.Event(), server.send

        async def send(*message: Any) -> None:
            await plain(*message)
            if message[1] == 1:
                taken.set()

        monkeypatch.setattr(server, "send", send)
        server.send_sync(*wrong("a set as JSON"))
        server.send_sync("progress", 1)
        await asyncio.wait_for(taken.wait(), 10)
        ws = await connect(client)
        server.send_sync("progress", 2)
        assert (await ws.receive_json(timeout=10))["data"] == 2
        server.send_sync(*wrong("a set as JSON"))
        await asyncio.wait([publishing], timeout=10)
        assert isinstance(publishing.exception(), TypeError)


async def test_nan_is_sent_and_refused(chromium: Browser) -> None:
    """NaN and Infinity are sent as such: RFC 8259 knows neither, and Chromium's `JSON.parse` refuses them.

    NaN 和无穷大照样发出：RFC 8259 里没有这两个数，Chromium 的 `JSON.parse` 拒绝整条消息。
    """
    numbers = 1.5, float("nan"), float("inf")
    good, *bad = [(await sent("progress", {"value": value})).data for value in numbers]
    assert [strict(text) for text in (good, *bad)] == ["JSON", "NaN is no JSON", "Infinity is no JSON"]
    page = await chromium.new_page()
    assert (await page.evaluate("JSON.parse", good))["data"] == {"value": 1.5}
    for text in bad:
        with pytest.raises(Error, match="SyntaxError"):
            await page.evaluate("JSON.parse", text)
    await page.close()


@pytest.mark.parametrize("clients", [0, 1])
async def test_the_picture_is_encoded_in_the_loops_thread(
    clients: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A preview is encoded in the event loop's thread, which does nothing else then, client or not.

    预览图在事件循环的线程里编码，这期间事件循环不做别的事，哪怕没有客户端连接。
    """
    turns: list[int] = []
    encoded: list[tuple[int, list[int]]] = []
    plain = Image.Image.save

    def save(*given: Any, **more: Any) -> None:
        plain(*given, **more)
        encoded.append((threading.get_ident(), turns.copy()))

    async with serving(worker=False, publish=False) as (server, client, *_):
        for _ in range(clients):
            await connect(client)
        assert len(server.sockets) == clients
        monkeypatch.setattr(Image.Image, "save", save)
        asyncio.get_running_loop().call_soon(turns.append, 1)
        await server.send(2, ("PNG", RED, 512))
        assert encoded == [(threading.get_ident(), [])]
        await asyncio.sleep(0)
        assert turns == [1]
        publishing = asyncio.create_task(server.publish_loop())
        await asyncio.to_thread(server.send_sync, 2, ("PNG", RED, 512))  # as from a node
        async with asyncio.timeout(10):
            while len(encoded) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert encoded[1][0] == threading.get_ident()
        publishing.cancel()


async def test_encoded_in_a_thread_the_order_stays_and_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encoded in a thread, pictures let the event loop go on, and still arrive in order.

    放到线程里编码，事件循环照常运行，图片的顺序不变。
    """
    begun, allowed, plain = threading.Semaphore(0), threading.Event(), Image.Image.save

    def save(*given: Any, **more: Any) -> None:
        begun.release()
        assert allowed.wait(10)  # set by the event loop, which must run for this
        plain(*given, **more)

    class Threaded(PromptServer):
        async def send_image(self, image_data: Any, sid: str | None = None) -> None:
            kind, image, _ = image_data
            file = BytesIO()
            await asyncio.to_thread(image.save, file, format=kind)
            number = struct.pack(">I", 2 if kind == "PNG" else 1)
            await self.send_bytes(BinaryEventTypes.PREVIEW_IMAGE, number + file.getvalue(), sid)

    async with serving(server_class=Threaded, worker=False) as (server, client, *_):
        ws = await connect(client)
        monkeypatch.setattr(Image.Image, "save", save)
        for kind in ("PNG", "JPEG", "GIF"):
            server.send_sync(2, (kind, RED, None))
        assert await asyncio.to_thread(begun.acquire, timeout=10)
        assert (await client.get("/queue")).status == 200
        assert not begun.acquire(blocking=False)  # `publish_loop` waits for the first
        allowed.set()
        frames = [await ws.receive_bytes(timeout=10) for _ in range(3)]
    assert [opened(frame).format for frame in frames] == ["PNG", "JPEG", "GIF"]


async def test_a_client_tells_the_two_kinds_apart() -> None:
    """A client reads text as JSON and takes a binary message apart by its first eight bytes.

    客户端把文本当 JSON 读，二进制消息按前八个字节拆开。
    """
    assert decode(await sent("progress", 1)) == "progress: 1"
    assert decode(await sent(2, ("PNG", RED, 16))) == "event 1, type 2: PNG 16x12"
    with pytest.raises(struct.error):
        decode(await sent(9, b"hi"))
    with pytest.raises(UnidentifiedImageError):
        decode(await sent(9, b"hello, all of you"))
    file = BytesIO(struct.pack(">I", 7))
    file.seek(4)
    RED.save(file, format="PNG")
    assert decode(await sent(9, file.getvalue())) == "event 9, type 7: PNG 64x48"


async def test_a_run_brings_both_types() -> None:
    """A prompt that samples and then sends its picture brings previews of type 1, the result as type 2.

    一个先采样、再发送图片的 prompt：途中的预览是类型 1，结果是类型 2。
    """
    prompt, frames = example_prompt(), []
    prompt["sample"]["inputs"]["steps"] = 3
    prompt["save"] = {"class_type": "SaveImageWebsocket", "inputs": {"images": ["decode", 0]}}
    async with serving() as (_, client, *_):
        ws = await connect(client)
        await client.post("/prompt", json={"prompt": prompt, "client_id": "me"})
        while (message := await ws.receive(timeout=10)).type is not aiohttp.WSMsgType.CLOSED:
            if message.type is aiohttp.WSMsgType.BINARY:
                frames.append(decode(message))
            elif message.json()["type"] == "execution_success":
                break
    assert frames == [*["event 1, type 1: JPEG 32x32"] * 3, "event 1, type 2: PNG 64x64"]


@pytest.mark.ours("the answer to the exercise")
@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (struct.pack(">II", 1, 2) + bytes(9), "preview, type 2, 9 bytes"),
        (struct.pack(">II", 3, 2) + b"12" + "½".encode(), "node 12 says ½"),
        (struct.pack(">II", 4, 27) + b'{"image_type":"image/jpeg"}' + b"x", "preview, image/jpeg, 1 bytes"),
        (struct.pack(">I", 5), "event 5, skipped"),
    ],
)
def test_a_client_of_today_reads_four_events(frame: bytes, said: str) -> None:
    """Events 3 and 4 begin with a length, and an event that is not known is no error.

    事件 3 和 4 以一个长度开头；不认识的事件不算错。
    """
    assert newer.describe(frame) == said
