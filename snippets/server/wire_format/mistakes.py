"""Show messages that raise, though nobody is there to get them."""

import asyncio
from traceback import format_exception_only
from typing import Any

from PIL import Image

from snippets.recreation.server import BinaryEventTypes, PromptServer

# --8<-- [start:wrong]
PREVIEW = BinaryEventTypes.UNENCODED_PREVIEW_IMAGE
CLEAR, THIN = Image.new("RGBA", (8, 8)), Image.new("RGB", (64, 1))
WRONG: dict[str, tuple[Any, Any]] = {
    "a name with bytes": ("preview", b"x"),
    "a negative number": (-1, b"x"),
    "33 bits": (2**32, b"x"),
    "RGBA as JPEG": (PREVIEW, ("JPEG", CLEAR, None)),
    "64x1 into 16": (PREVIEW, ("PNG", THIN, 16)),
    "bytes for a picture": (PREVIEW, b"abc"),
    "a set as JSON": ("progress", {1, 2}),
}


async def attempt(event: Any, data: Any) -> str:
    """Send to nobody; return the name of what it raised."""
    server = PromptServer(asyncio.get_running_loop())
    try:
        await server.send(event, data)
    except Exception as error:
        return format_exception_only(error)[0].partition(":")[0]
    return "sent"


# --8<-- [end:wrong]
# --8<-- [start:main]
async def main() -> None:
    for what, (event, data) in WRONG.items():
        print(f"{what}: {await attempt(event, data)}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
