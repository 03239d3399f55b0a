"""Show what one NaN does to the order, and to a response."""

import asyncio
import json

from snippets.recreation.serving import SMALL_PROMPT, serving


# --8<-- [start:unordered]
def strict(text: str) -> str:
    """Say whether it is JSON as RFC 8259 has it: without NaN."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    try:
        json.loads(text, parse_constant=refuse)  # NaN, Infinity
    except ValueError as error:
        return str(error)
    return "JSON"


async def main() -> None:
    async with serving(worker=False) as (server, client, *_):
        for number in (5, "nan", 6, 1):
            body = {"prompt": SMALL_PROMPT, "number": number}
            response = await client.post("/prompt", json=body)
            print(number, strict(await response.text()))
        response = await client.get("/queue")
        print("/queue", strict(await response.text()))
        while found := server.prompt_queue.get(timeout=0):
            print("taken:", found[0][0])


# --8<-- [end:unordered]
if __name__ == "__main__":
    asyncio.run(main())
