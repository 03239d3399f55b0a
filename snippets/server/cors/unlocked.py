"""Show that allowing one origin lets every other one write."""

import asyncio
import json

from snippets.recreation.serving import SMALL_PROMPT, serving

# --8<-- [start:main]
EVIL = {"Origin": "https://evil.example", "Content-Type": "text/plain"}


async def main() -> None:
    allow = "--enable-cors-header", "https://app.example"
    async with serving(*allow, worker=False) as served:
        response = await served.client.post(
            "/prompt",
            data=json.dumps({"prompt": SMALL_PROMPT}),
            headers=EVIL,
        )
        queued = served.server.prompt_queue.get_tasks_remaining()
    print(response.status, "queued:", queued)
    print("sent by:", response.request_info.headers["Origin"])
    print("may read:", response.headers["Access-Control-Allow-Origin"])


# --8<-- [end:main]
if __name__ == "__main__":
    asyncio.run(main())
