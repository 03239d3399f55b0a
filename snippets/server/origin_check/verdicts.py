"""Show what the check makes of pairs of Host and Origin."""

import asyncio
import logging
from collections.abc import Callable

from snippets.recreation.server import PromptServer
from snippets.recreation.serving import serving

# --8<-- [start:pairs]
PAIRS = (
    ("127.0.0.1:8188", "http://127.0.0.1:8188"),
    ("127.0.0.1:8188", "http://localhost:8188"),
    ("127.0.0.1:8188", "http://127.0.0.1:3000"),
    ("127.0.0.1", "http://127.0.0.1:3000"),
    ("127.0.0.1:8188", "http://127.0.0.1"),
    ("[::1]:8188", "http://[::1]"),
    ("192.168.0.5:8188", "https://evil.example"),
    ("0.0.0.0:8188", "https://evil.example"),
    ("127.0.0.1:8188", "null"),
    ("127.0.0.1:abc", "http://127.0.0.1"),
)


# --8<-- [end:pairs]
# --8<-- [start:show]
async def verdicts(
    prepare: Callable[[PromptServer], object] | None = None,
    pairs: tuple[tuple[str, str], ...] = PAIRS,
) -> list[str]:
    """Return each pair behind the status that GET /queue gets."""
    lines = []
    async with serving(prepare=prepare, worker=False) as served:
        for host, origin in pairs:
            headers = {"Host": host}
            headers |= {"Origin": origin} if origin else {}
            response = await served.client.get(
                "/queue", headers=headers
            )
            shown = f"{host:17}{origin or '-'}"
            lines.append(f"{response.status} {shown}")
    return lines


async def main() -> None:
    logging.disable()
    print(*await verdicts(), sep="\n")


# --8<-- [end:show]
if __name__ == "__main__":
    asyncio.run(main())
