"""Show that allowing one origin lets every other one write."""

import asyncio

from aiohttp.test_utils import TestClient, TestServer

from snippets.server.cors.part import create_cors_middleware
from snippets.server.origin_check.forged import FORGED, JOBS, build_app


# --8<-- [start:main]
async def main() -> None:
    app = build_app(create_cors_middleware("https://app.example"))
    async with TestClient(TestServer(app)) as client:
        answer = await client.post(
            "/prompt", data='{"prompt": {}}', headers=FORGED
        )
    print(answer.status, "queued:", app[JOBS])
    print("sent by:", FORGED["Origin"])
    print("may read:", answer.headers["Access-Control-Allow-Origin"])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
