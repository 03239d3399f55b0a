"""Show what one NaN does to the order, and to an answer."""

import asyncio
import json

from snippets.server.prompt_queue import manage, submit
from snippets.server.prompt_queue.told import visiting


# --8<-- [start:strict]
def strict(text: str) -> str:
    """Say whether it is JSON as RFC 8259 has it: without NaN."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError as error:
        return str(error)
    return "JSON"


# --8<-- [end:strict]
# --8<-- [start:unordered]
async def main() -> None:
    routes = [*manage.routes, *submit.routes]
    async with visiting(routes) as (server, client):
        for number in (5, "nan", 6, 1):
            body = {"prompt": submit.GOOD, "number": number}
            response = await client.post("/prompt", json=body)
            print(number, strict(await response.text()))
        response = await client.get("/queue")
        print("/queue", strict(await response.text()))
        while item := server.queue.take(timeout=0):
            print("taken:", item[0])


# --8<-- [end:unordered]
if __name__ == "__main__":
    asyncio.run(main())
