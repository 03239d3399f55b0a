"""Show which status each route has for bodies nobody should send."""

import asyncio
import logging

from snippets.recreation.serving import serving

# --8<-- [start:odd]
PATHS = ("/prompt", "/queue", "/history", "/free", "/interrupt")
BODIES = ("", "{", "null", "[]", '"prompt"', "{}", '{"delete": null}')


async def main() -> None:
    logging.disable()  # a 500 is logged
    print(" " * 16, *PATHS)
    async with serving(worker=False) as (_, client, *_):
        for body in BODIES:
            print(f"{body:16}", end="")
            for path in PATHS:
                response = await client.post(path, data=body)
                print(f"{response.status:{len(path) + 1}}", end="")
            print()


# --8<-- [end:odd]
if __name__ == "__main__":
    asyncio.run(main())
