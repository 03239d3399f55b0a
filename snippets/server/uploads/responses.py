"""Show the responses to uploads, good and bad."""

import asyncio
import logging
from io import BytesIO
from typing import Any

from snippets.recreation.serving import serving


# --8<-- [start:forms]
def forms() -> dict[str, dict[str, Any]]:
    """Return uploads by what is special about them."""
    return {
        "a file": {"image": BytesIO(b"cat")},
        "a type": {"image": BytesIO(b"cat"), "type": "output"},
        "a type unknown": {"image": BytesIO(), "type": "models"},
        "text for a file": {"image": "cat"},
        "nothing": {},
    }


async def main() -> None:
    logging.disable()  # the tracebacks of two responses
    async with serving() as (_, client, *_):
        for what, form in forms().items():
            response = await client.post("/upload/image", data=form)
            body = await response.text() if response.ok else ""
            print(f"{what:15} {response.status} {body}".rstrip())


# --8<-- [end:forms]
if __name__ == "__main__":
    asyncio.run(main())
