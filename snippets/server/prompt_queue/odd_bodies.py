"""Show which status each route has for bodies nobody should send."""

import asyncio
import logging

from snippets.server.prompt_queue import change, submit, wishes
from snippets.server.prompt_queue.told import visiting

# --8<-- [start:odd]
ROUTES = [*submit.routes, *change.routes, *wishes.routes]
PATHS = ("/prompt", "/queue", "/history", "/free", "/interrupt")
BODIES = ("", "{", "null", "[]", '"prompt"', "{}", '{"delete": null}')


async def main() -> None:
    logging.disable()  # a 500 is logged
    print(" " * 16, *PATHS)
    async with visiting(ROUTES) as (_, client):
        for body in BODIES:
            print(f"{body:16}", end="")
            for path in PATHS:
                answer = await client.post(path, data=body)
                print(f"{answer.status:{len(path) + 1}}", end="")
            print()


# --8<-- [end:odd]
if __name__ == "__main__":
    asyncio.run(main())
