"""Show requests that are wrong, and for which the server is blamed."""

import asyncio
import logging

from PIL import Image

from snippets.server.hazards.whole import running

# --8<-- [start:faults]
GETS: list[tuple[str, dict[str, str]]] = [
    ("/view?filename=", {}),
    ("/view?filename=a.png&preview=webp;999", {}),
    ("/history?max_items=many", {}),
    ("/", {"Host": "localhost:http", "Origin": "http://localhost"}),
]


async def main() -> None:
    logging.disable()  # a 500 is logged
    async with running() as whole:
        output = whole.server.settings.folders.output
        Image.new("L", (1, 1)).save(output / "a.png")
        for path, headers in GETS:
            answer = await whole.client.get(path, headers=headers)
            print(answer.status, path, *headers.values())
        for path in ("/prompt", "/queue", "/history", "/free"):
            answer = await whole.client.post(path, data="null")
            print(answer.status, path, "null")


# --8<-- [end:faults]
if __name__ == "__main__":
    asyncio.run(main())
