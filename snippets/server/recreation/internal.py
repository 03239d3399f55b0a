"""Show the routes that ComfyUI keeps to itself."""

import asyncio

from snippets.recreation.serving import serving

PATHS = ("/logs", "/logs/raw", "/files")


# --8<-- [start:ask]
async def main() -> None:
    async with serving(worker=False) as (_, client, *_):
        for path in PATHS:
            response = await client.get(f"/internal{path}")
            print(path, await response.text())


# --8<-- [end:ask]
if __name__ == "__main__":
    asyncio.run(main())
