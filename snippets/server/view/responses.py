"""Show the status of /view for three names."""

import asyncio

from snippets.recreation import folder_paths
from snippets.recreation.serving import serving


# --8<-- [start:main]
async def main() -> None:
    async with serving() as (_, client, *_):
        folder_paths.get_output_directory().joinpath("a.txt").touch()
        for name in ("a.txt", "no/such/a.txt", "no..a.txt"):
            response = await client.get(f"/view?filename={name}")
            print(response.status, response.url.query_string)


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
