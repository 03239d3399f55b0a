"""Show which number a prompt gets."""

import asyncio
from typing import Any

from snippets.recreation.serving import SMALL_PROMPT, serving

# --8<-- [start:numbers]
FRONT = {"front": True}
MORE: Any = ({}, FRONT, FRONT, {"number": "9"})


async def main() -> None:
    async with serving(worker=False) as (_, client, *_):
        for more in MORE:
            body = {"prompt": SMALL_PROMPT, **more}
            response = await client.post("/prompt", json=body)
            number = (await response.json()).get("number")
            print(more, response.status, number)


# --8<-- [end:numbers]
if __name__ == "__main__":
    asyncio.run(main())
