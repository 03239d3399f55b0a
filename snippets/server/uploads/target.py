"""Show which folders an upload may go to, and which it makes."""

import asyncio

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving
from snippets.server.uploads.round_trip import upload


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        for subfolder, filename in (
            ("sub", "a.png"),
            ("", "../a.png"),
            ("../input2", "a.png"),
            ("../evil", "../input/a.png"),
        ):
            response = await upload(
                client, b"cat", filename, subfolder=subfolder
            )
            print(f"{subfolder:10} {filename:15} {response.status}")
        root = folder_paths.get_input_directory().parent
        print("folders:", *sorted(path.name for path in root.iterdir()))


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
