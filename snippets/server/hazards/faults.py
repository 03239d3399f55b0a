"""Show requests that are wrong, and for which the server is blamed."""

import asyncio
import logging

from PIL import Image

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving

# --8<-- [start:faults]
GETS: list[tuple[str, dict[str, str]]] = [
    ("/view?filename=", {}),
    ("/view?filename=a.png&preview=webp;999", {}),
    ("/history?max_items=many", {}),
    ("/", {"Host": "localhost:http", "Origin": "http://localhost"}),
]


async def main() -> None:
    logging.disable()  # a 500 is logged
    async with serving() as (_, client, *_):
        output = folder_paths.get_output_directory()
        Image.new("L", (1, 1)).save(output / "a.png")
        for path, headers in GETS:
            response = await client.get(path, headers=headers)
            print(response.status, path, *headers.values())
        for path in ("/prompt", "/queue", "/history", "/free"):
            response = await client.post(path, data="null")
            print(response.status, path, "null")


# --8<-- [end:faults]
if __name__ == "__main__":
    asyncio.run(main())
