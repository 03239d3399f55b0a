"""Show the headers with which pages of another origin may read."""

import asyncio

from snippets.recreation.serving import serving


# --8<-- [start:main]
async def main() -> None:
    allow = "--enable-cors-header", "https://app.example"
    async with serving(*allow, worker=False) as served:
        response = await served.client.options("/anything")
        print(response.status, await response.read())
        for name, value in response.headers.items():
            if name.startswith("Access-Control"):
                print(f"{name}: {value}")


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
