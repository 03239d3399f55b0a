"""Show which checks a query comes to, and what it gets."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from aiohttp import ClientSession

from snippets.recreation import folder_paths
from snippets.recreation.server import is_file, is_inside
from snippets.recreation.serving import serving

# --8<-- [start:queries]
QUERIES = {
    "sent": {"filename": "a.png"},
    "missing": {"filename": "b.png"},
    "none": {},
    "empty": {"filename": ""},
    "dots": {"filename": "../input/c.png"},
    "type": {"filename": "a.png", "type": "models"},
    "outside": {"filename": "c.png", "subfolder": "../input"},
}


# --8<-- [end:queries]
# --8<-- [start:checks]
GOES_ON = "name yes", "dots no", "type yes", "inside yes", "file yes"


def checks(query: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each check by name, its answer, what it looks at."""
    given = query.get("filename")
    name, folder = folder_paths.annotated_filepath(given or "")
    there = "no" if given is None else "yes" if name else "empty"
    yield "name", there, name or "-"
    yield "dots", say(name[0] == "/" or ".." in name), name
    kind = query.get("type", "output")
    folder = folder or folder_paths.get_directory_by_type(kind)
    yield "type", say(folder is not None), kind
    assert folder
    subfolder = query.get("subfolder", "")
    below = Path(folder, subfolder)
    yield "inside", say(is_inside(folder, below)), subfolder or "-"
    file = name.rpartition("/")[2]
    yield "file", say(is_file(below / file)), file


def say(fact: bool) -> str:
    """Say yes or no."""
    return "yes" if fact else "no"


# --8<-- [end:checks]
# --8<-- [start:main]
async def follow(client: ClientSession, query: dict[str, str]) -> str:
    """Return the checks up to the one that refuses, and the status."""
    events = []
    for check, answer, seen in checks(query):
        events.append(f"{check} {answer} {seen}")
        if f"{check} {answer}" not in GOES_ON:
            break
    response = await client.get("/view", params=query)
    return ", ".join([*events, str(response.status)])


async def main() -> None:
    logging.disable()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        async with serving(root=root, worker=False) as served:
            (root / "output/a.png").write_text("a picture")
            (root / "input/c.png").write_text("a picture")
            for case, query in QUERIES.items():
                print(f"{case}: {await follow(served.client, query)}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
