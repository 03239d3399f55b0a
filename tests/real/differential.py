"""Send the same requests to the re-creation and to the real ComfyUI, and print where the responses differ.

    python -m tests.real.differential /path/to/clone [--count 1000] [--seed 1]

Each of the two runs in a process of its own, in folders with the same files. Status, headers and body are
compared. It ends with 1 if a response differs in a way that KNOWN does not explain.
"""

import argparse
import asyncio
import copy
import importlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientTimeout, FormData
from PIL import Image, PngImagePlugin

from tests.real import plugin
from tools.source_map import source_maps

# What both bodies hold where they may differ, with the reason.
KNOWN = {
    "exception_during_inner_validation": "of several inputs linked to a broken node, chance picks one",
}
FLAGS: list[list[str]] = [[], ["--enable-cors-header"], ["--enable-cors-header", "https://app.example.com"]]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]
FILES = ["a.png", "v.webp", "p.html", "p.svg", "p.js", "a.js.gz", "p.html.gz", "n.bin2", "w.png"]
ODD = ["", "gone.png", "a..png", "名.png", "a.PNG", "sub", "sub/w.png", "sub\\w.png", "../a.png", "/a.png"]
NAMES = [*FILES, *ODD, "a.png [input]", "a.png [temp]", "a.pngXinput]"]
TYPES = ["", "input", "output", "temp", "models", "Output"]
FOLDERS = ["", "sub", "..", "../output", "/", "gone", "./sub", "sub/.."]
PREVIEWS = ["", "webp;90", "jpeg", "x;5", "webp;x"]
MODELS = ["m.safetensors", "bad.safetensors", "gone.safetensors", "m.ckpt", "../m.safetensors", ""]
KINDS = ["checkpoints", "clip", "loras", "gone", "custom_nodes", "configs"]
PATHS = ["/", "/index.html", "/app.js", "/style.css", "/view?filename=a.png", "/view?filename=p.js"]
TIMES = ["Thu, 01 Jan 2099 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "x"]
RANGES = ["bytes=0-3", "bytes=-2", "bytes=5-", "bytes=9-1", "bytes=99999-", "lines=1"]
HOSTS = ["127.0.0.1:8188", "localhost", "LOCALHOST:8188", "app.example.com", "[::1]:8188", "127.0.0.2"]
ORIGINS = ["http://127.0.0.1:8188", "http://localhost", "https://evil.example", "null", "x"]
BODIES = ['{"clear": true}', '{"delete": ["x"]}', '{"delete": "bx"}', "{}", "[]", "5", "null", "x", ""]
VALUES: list[Any] = [None, "x", 5, -1, 2.5, [], ["9", 0], ["1", 7], ["1", 0], ["5", 0], {}, 10**9]
EXTRAS: list[dict[str, Any]] = [{}, {"client_id": "me"}, {"number": 3}, {"front": True}, {"number": "x"}]
GRAPH: dict[str, Any] = {
    "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "m.safetensors"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "a", "clip": ["1", 1]}},
    "3": {"class_type": "EmptyLatentImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "4": {
        "class_type": "KSampler",
        "inputs": {
            "model": ["1", 0],
            "positive": ["2", 0],
            "negative": ["2", 0],
            "latent_image": ["3", 0],
            "seed": 1,
            "steps": 2,
            "cfg": 8.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
        },
    },
    "5": {"class_type": "VAEDecode", "inputs": {"samples": ["4", 0], "vae": ["1", 2]}},
    "6": {"class_type": "SaveImage", "inputs": {"images": ["5", 0], "filename_prefix": "x"}},
}
IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Asked = dict[str, Any]


class Chance(random.Random):
    """Draws requests; the same ones from the same seed."""

    def some(self, **options: list[str]) -> dict[str, str]:
        """Return a value for some of the names."""
        return {name: self.choice(options[name]) for name in options if self.random() < 0.6}

    def requests(self, count: int) -> Iterator[Asked]:
        """Draw requests of each kind in turn."""
        kinds = [route, view, condition, guard, upload, mask, model, body, prompt]
        for number in range(count):
            yield kinds[number % len(kinds)](self)


def route(chance: Chance) -> Asked:
    """Ask any route of the map by any method."""
    regions = source_maps()["server.py"].regions
    paths = [region.split(" ")[1] for region in regions if region.startswith(("GET ", "POST "))]
    path = chance.choice([*paths, "/gone", "/api", "/api/gone", "/ws/"]).replace("{", "").replace("}", "")
    return {"method": chance.choice(METHODS), "path": chance.choice(["", "/api"]) + path}


def view(chance: Chance) -> Asked:
    """Ask for a file, perhaps as a preview or one channel."""
    channels = ["a", "rgb", "rgba", "x"]
    query = chance.some(filename=NAMES, type=TYPES, subfolder=FOLDERS, preview=PREVIEWS, channel=channels)
    return {"method": chance.choice(["GET", "HEAD"]), "path": "/view", "params": query}


def condition(chance: Chance) -> Asked:
    """Ask for a static file or a picture, with a condition or a range."""
    headers = {"If-None-Match": ['"x"', "*", "x"], "If-Modified-Since": TIMES, "Range": RANGES}
    encodings = {"Accept-Encoding": ["gzip", "identity", "*"]}
    return {"method": "GET", "path": chance.choice(PATHS), "headers": chance.some(**headers, **encodings)}


def guard(chance: Chance) -> Asked:
    """Ask with a Host and an Origin."""
    method, path = chance.choice(["GET", "POST", "OPTIONS"]), chance.choice(["/queue", "/app.js", "/gone"])
    return {"method": method, "path": path, "headers": chance.some(Host=HOSTS, Origin=ORIGINS)}


def upload(chance: Chance) -> Asked:
    """Upload a small file to somewhere."""
    fields = chance.some(type=TYPES, subfolder=FOLDERS, overwrite=["true", "1", "no"])
    file = [chance.choice([*NAMES, "up.png", "up.png", "up"]), chance.choice(["x", "y"])]
    return {"method": "POST", "path": "/upload/image", "fields": fields, "file": file}


def mask(chance: Chance) -> Asked:
    """Upload a mask for some picture."""
    original = json.dumps(chance.some(filename=NAMES, type=TYPES, subfolder=FOLDERS))
    fields = {"original_ref": chance.choice([original, original, "x"])}
    return {"method": "POST", "path": "/upload/mask", "fields": fields, "file": ["m.png", "PNG"]}


def model(chance: Chance) -> Asked:
    """Ask which models there are, or what one says of itself."""
    kind = chance.choice(KINDS)
    path = chance.choice([f"/models/{kind}", "/models", "/embeddings", f"/view_metadata/{kind}"])
    return {"method": "GET", "path": path, "params": chance.some(filename=MODELS)}


def body(chance: Chance) -> Asked:
    """Send a body to a route that reads one."""
    path = chance.choice(["/queue", "/history", "/interrupt", "/free", "/history/x"])
    return {"method": chance.choice(["POST", "GET"]), "path": path, "text": chance.choice(BODIES)}


def prompt(chance: Chance) -> Asked:
    """Send a prompt with one thing changed in it."""
    graph = copy.deepcopy(GRAPH)
    node = graph[chance.choice(sorted(graph))]
    name, value = chance.choice(sorted(node["inputs"])), chance.choice(VALUES)
    match chance.choice(["value", "value", "lost", "class", "inputs", "output", "nothing"]):
        case "value":
            node["inputs"][name] = value
        case "lost":
            del node["inputs"][name]
        case "class":
            node["class_type"] = chance.choice(["Gone", None, 5])
        case "inputs":
            node["inputs"] = chance.choice([None, {}, [], 5])
        case "output":
            del graph["6"]
    text = json.dumps({"prompt": graph, **chance.choice(EXTRAS)})
    return {"method": "POST", "path": "/prompt", "text": text}


def fill(root: Path) -> None:
    """Make the files that are asked for."""
    for folder in ("input/sub", "output/sub", "temp", "models/checkpoints", "models/loras"):
        (root / folder).mkdir(parents=True)
    for place in ("output", "input/sub", "output/sub"):
        info = PngImagePlugin.PngInfo()
        info.add_text("prompt", "{}")
        Image.new("RGBA", (6, 4), (1, 2, 3, 4)).save(root / place / "a.png", pnginfo=info)
        Image.new("RGB", (3, 3)).save(root / place / "w.png")
        Image.new("L", (2, 2)).save(root / place / "v.webp")
        for name in ("p.html", "p.svg", "p.js", "a.js.gz", "p.html.gz", "n.bin2"):
            (root / place / name).write_text("<b>x</b>", "utf-8")
    header = json.dumps({"__metadata__": {"a": "b"}}).encode()
    (root / "models/checkpoints/m.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (root / "models/checkpoints/bad.safetensors").write_bytes(b"short")


def set_times(root: Path) -> None:
    """Let all files be of 1 January 2020, uploads too: dates and tags are compared."""
    for path in root.rglob("*"):
        os.utime(path, (1577836800, 1577836800))


async def answers(flags: list[str], asked: list[Asked], root: Path) -> list[str]:
    """Return what one server says to each request, as one line each."""
    serving = importlib.import_module("snippets.recreation.serving").serving  # after the swap
    fill(root)
    said = []
    async with serving(*flags, root=root, worker=False) as served:
        for one in asked:
            set_times(root)
            try:
                said.append(await answer(served.client, one))
            except (ClientError, TimeoutError) as error:
                said.append(f"{type(error).__name__}")
    return said


async def answer(client: Any, asked: Asked) -> str:
    """Send one request; return status, headers and body."""
    data: Any = asked.get("text")
    if "file" in asked:
        data = FormData(quote_fields=False)
        for field, value in asked["fields"].items():
            data.add_field(field, value)
        name, content = asked["file"]
        data.add_field("image", picture() if content == "PNG" else content.encode(), filename=name or None)
    async with client.request(
        asked["method"],
        asked["path"],
        params=asked.get("params"),
        headers=asked.get("headers"),
        data=data,
        allow_redirects=False,
        timeout=ClientTimeout(total=20),
    ) as response:
        text = IDS.sub("ID", (await response.read()).decode("utf-8", "backslashreplace"))
        if "system_stats" in asked["path"]:
            text = ""  # how much memory is free changes from one look to the next
        left_out = {"Date", "Content-Length"} if not text or '"traceback"' in text else {"Date"}
        headers = sorted(f"{k}: {v}" for k, v in response.headers.items() if k not in left_out)
        return json.dumps([response.status, headers, unordered(text)])


def unordered(text: str) -> str:
    """Sort what a body lists, and the lines of its texts: ComfyUI goes through sets, in no order."""
    try:
        return json.dumps(sort_all(json.loads(text)), sort_keys=True)
    except ValueError:
        return text


def sort_all(value: Any) -> Any:
    """Return a value with each list in it sorted, and without tracebacks, which name files and lines."""
    if isinstance(value, dict):
        return {key: sort_all(one) for key, one in value.items() if key != "traceback"}
    if isinstance(value, list):
        return sorted(map(sort_all, value), key=json.dumps)
    return sorted(value.split("\n")) if isinstance(value, str) and "\n" in value else value


def picture() -> bytes:
    """Return a mask of 6 × 4."""
    made = io.BytesIO()
    Image.new("RGBA", (6, 4), (0, 0, 0, 100)).save(made, "png")
    return made.getvalue()


def ask_one_server(comfyui: str | None, options: argparse.Namespace) -> list[list[str]]:
    """Start this module once more, with or without the real files; return the answers by flags."""
    words = [sys.executable, "-m", "tests.real.differential", "--answers", comfyui or ""]
    words += ["--count", str(options.count), "--seed", str(options.seed)]
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True
    )
    found: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Compare; with `--answers`, be one of the two."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("comfyui", help="a clone of ComfyUI, perhaps with @commit")
    parser.add_argument("--count", type=int, default=1000, help="how many requests for each set of flags")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--answers", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    asked = list(Chance(options.seed).requests(options.count))
    if options.answers:
        print(json.dumps([speak(options.comfyui, flags, asked) for flags in FLAGS]))
        return
    real, ours = ask_one_server(options.comfyui, options), ask_one_server(None, options)
    differ = Counter[str]()
    for flags, theirs, mine in zip(FLAGS, real, ours, strict=True):
        for one, a, b in zip(asked, theirs, mine, strict=True):
            if a != b:
                if any(word in a and word in b for word in KNOWN):
                    differ["known"] += 1
                    continue
                differ["new"] += 1
                print(
                    " ".join(flags),
                    json.dumps(one, ensure_ascii=False),
                    f"  real {a}",
                    f"  ours {b}",
                    sep="\n",
                )
    print(f"{len(asked) * len(FLAGS)} requests, {differ['known']} known differences, {differ['new']} others")
    sys.exit(bool(differ["new"]))


def speak(comfyui: str, flags: list[str], asked: list[Asked]) -> list[str]:
    """Return the answers of the server of this process."""
    if comfyui:
        plugin.swap(comfyui)
    with tempfile.TemporaryDirectory() as root:
        return asyncio.run(answers(flags, asked, Path(root)))


if __name__ == "__main__":
    main()
