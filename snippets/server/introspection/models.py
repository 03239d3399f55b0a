"""Show what a front end can ask about models."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from snippets.recreation.serving import serving


def write(root: Path, files: dict[str, bytes]) -> None:
    """Write files, and make the folders they need."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


@asynccontextmanager
async def served_files(
    files: dict[str, bytes],
) -> AsyncIterator[ClientSession]:
    """Run the server over these files; yield a client of it."""
    with TemporaryDirectory() as name:
        write(Path(name), files)
        async with serving(root=Path(name), worker=False) as served:
            yield served.client


async def ask(
    client: ClientSession, start: str, *ends: str
) -> list[str]:
    """Return the status of each path, and how its body begins."""
    lines = []
    for end in ends:
        response = await client.get(start + end)
        first = (await response.text()).partition("\n")[0]
        lines.append(f"{response.status} {end} {first}".rstrip())
    return lines


# --8<-- [start:asked]
FILES = """
    clip/l.safetensors text_encoders/T5.PTH
    embeddings/b.v2.pt embeddings/b.v2.bin embeddings/README.md
""".split()  # noqa: SIM905


async def main() -> None:
    files = {f"models/{file}": b"" for file in FILES}
    async with served_files(files) as client:
        kinds = "text_encoders", "clip"
        print(*await ask(client, "/models/", *kinds), sep="\n")
        print(*await ask(client, "/", "embeddings"))


# --8<-- [end:asked]
if __name__ == "__main__":
    asyncio.run(main())
