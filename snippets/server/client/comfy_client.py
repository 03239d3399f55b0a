"""Show a client: it queues a workflow, follows it, saves the files.

python comfy_client.py workflow.json [http://127.0.0.1:8188]
"""

# --8<-- [start:head]
import asyncio
import json
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import (
    ClientError,
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
)

INTERVAL = 30.0  # seconds, then the client asks how far it is
PAUSE = 1.0  # seconds before it reconnects, doubled each time
PLACE = {"filename", "subfolder", "type"}  # what /view asks for


# --8<-- [end:head]
# --8<-- [start:run]
async def run(
    address: str, prompt: dict[str, Any], folder: Path
) -> None:
    """Queue a prompt, follow it, save its files.

    Raises:
        ValueError: the server does not take the prompt.
        RuntimeError: the prompt failed, or is gone.
        ClientError: the server does not answer.
    """
    client_id = uuid.uuid4().hex
    async with ClientSession(address) as session:
        ws = await connect(session, client_id)
        prompt_id = await queue(session, prompt, client_id)
        entry = await result(session, ws, client_id, prompt_id)
        for file in files(entry):
            await save(session, file, folder)


async def connect(
    session: ClientSession, client_id: str
) -> ClientWebSocketResponse:
    """Open the WebSocket; messages for this name come to it."""
    return await session.ws_connect(
        "/ws",
        params={"clientId": client_id},
        heartbeat=30,  # notices a server that is gone
        max_msg_size=0,  # a picture may exceed the usual 4 MiB
    )


# --8<-- [end:run]
# --8<-- [start:queue]
async def queue(
    session: ClientSession, prompt: dict[str, Any], client_id: str
) -> str:
    """Queue a prompt; return the id that the server gave it."""
    body = {"prompt": prompt, "client_id": client_id}
    async with session.post("/prompt", json=body) as response:
        if response.status != 200:
            said = await response.text()
            raise ValueError(f"{response.status}: {said}")
        answer = await response.json()
    for node, problem in answer["node_errors"].items():
        print(f"left out: {node}: {problem['errors']}")
    return str(answer["prompt_id"])


# --8<-- [end:queue]
# --8<-- [start:follow]
async def follow(ws: ClientWebSocketResponse, prompt_id: str) -> None:
    """Show what happens, until it is done, or time to ask."""
    with suppress(TimeoutError):
        async with asyncio.timeout(INTERVAL):
            await show(ws, prompt_id)


async def show(ws: ClientWebSocketResponse, prompt_id: str) -> None:
    """Show what happens, until it is done, or the connection lost."""
    while True:
        message = await ws.receive()
        if message.type is WSMsgType.BINARY:
            continue  # a preview
        if message.type is not WSMsgType.TEXT:
            return  # the connection is lost
        match message.json():
            case {
                "type": "executing",
                "data": {"node": None, "prompt_id": done},
            } if done == prompt_id:
                return
            case {"type": "executing", "data": {"node": str(node)}}:
                print("node", node)
            case {
                "type": "progress",
                "data": {"value": value, "max": total},
            }:
                print(f"     {value}/{total}")


# --8<-- [end:follow]
# --8<-- [start:result]
async def result(
    session: ClientSession,
    ws: ClientWebSocketResponse,
    client_id: str,
    prompt_id: str,
) -> dict[str, Any]:
    """Follow a prompt, over lost connections too; return its entry."""
    pause = PAUSE
    while True:
        await follow(ws, prompt_id)
        try:
            if ws.closed:
                print("the connection is lost")
                ws = await connect(session, client_id)
            if entry := await find(session, prompt_id):
                await ws.close()
                return entry
            pause = PAUSE
        except (ClientError, TimeoutError) as error:
            if pause > 60 * PAUSE:
                raise
            print(f"no server: {error}; again in {pause:g} s")
            await asyncio.sleep(pause)
            pause *= 2


# --8<-- [end:result]
# --8<-- [start:find]
async def find(
    session: ClientSession, prompt_id: str
) -> dict[str, Any] | None:
    """Return the entry in the history; None while it is queued.

    Raises:
        RuntimeError: it is in neither.
    """
    # the queue first: from there a prompt goes into the history
    queued = await get(session, "/queue")
    history = await get(session, f"/history/{prompt_id}")
    if prompt_id in history:
        return dict(history[prompt_id])
    listed = queued["queue_running"] + queued["queue_pending"]
    if prompt_id not in [item[1] for item in listed]:
        raise RuntimeError(f"{prompt_id} is not in queue or history")
    return None


async def get(session: ClientSession, path: str) -> Any:
    """Ask, and decode what comes."""
    async with session.get(path, raise_for_status=True) as response:
        return await response.json()


# --8<-- [end:find]
# --8<-- [start:save]
def files(entry: dict[str, Any]) -> list[dict[str, str]]:
    """Return what names each file of a finished prompt.

    Raises:
        RuntimeError: it failed, or was interrupted.
    """
    event, data = entry["status"]["messages"][-1]
    if event != "execution_success":  # status_str may be wrong
        why = data.get("exception_message", "")
        raise RuntimeError(f"{event}: node {data['node_id']}: {why}")
    found = []
    for output in entry["outputs"].values():
        for items in output.values():  # of images, videos, texts …
            found += [
                {key: item[key] for key in PLACE}
                for item in items
                if isinstance(item, dict) and item.keys() >= PLACE
            ]
    return found


async def save(
    session: ClientSession, file: dict[str, str], folder: Path
) -> None:
    """Get one file, and write it into the folder."""
    async with session.get("/view", params=file) as response:
        response.raise_for_status()
        path = folder / Path(file["filename"]).name
        path.write_bytes(await response.read())
    print("saved", path.name)


# --8<-- [end:save]
# --8<-- [start:main]
def read(name: str) -> dict[str, Any]:
    """Read a workflow that was exported for the API."""
    workflow = json.loads(Path(name).read_text("utf-8"))
    if not isinstance(workflow, dict) or "nodes" in workflow:
        raise ValueError(f"{name}: save it with Export (API)")
    return workflow


def main() -> None:
    """Take the workflow and the address from the command line."""
    if len(sys.argv) < 2:
        print("usage: python comfy_client.py workflow.json [address]")
        return
    name, address = (*sys.argv[1:], "http://127.0.0.1:8188")[:2]
    try:
        asyncio.run(run(address, read(name), Path()))
    except (ClientError, OSError, RuntimeError, ValueError) as error:
        text = f"{type(error).__name__}: {error}"
        sys.exit(" ".join(text.split()))  # in one line


if __name__ == "__main__":
    main()
# --8<-- [end:main]
