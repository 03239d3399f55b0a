"""Show that a coroutine misses its beats while a call blocks."""

import asyncio
import time

Bar = tuple[float, float]
BEAT, BLOCK = 0.02, 0.3  # seconds


# --8<-- [start:measure]
async def beat(bars: list[Bar], start: float) -> None:
    """Record each beat, as a bar of 2 ms, in ms after the start."""
    while True:
        now = (time.perf_counter() - start) * 1000
        bars.append((now, now + 2))
        await asyncio.sleep(BEAT)


async def run() -> dict[str, list[Bar]]:
    """Beat, block once, beat again; return when that was."""
    start, bars = time.perf_counter(), list[Bar]()
    beating = asyncio.create_task(beat(bars, start))
    await asyncio.sleep(6 * BEAT)
    began = (time.perf_counter() - start) * 1000
    time.sleep(BLOCK)  # noqa: ASYNC251
    ended = (time.perf_counter() - start) * 1000
    await asyncio.sleep(6 * BEAT)
    beating.cancel()
    return {"beats": bars, "time.sleep": [(began, ended)]}


# --8<-- [end:measure]
def measure() -> list[tuple[str, list[Bar]]]:
    """Return what ran when, as rows of bars in milliseconds."""
    return list(asyncio.run(run()).items())


# --8<-- [start:main]
def main() -> None:
    (_, bars), (_, [(began, ended)]) = measure()
    before = sum(at < began for at, _ in bars)
    during = sum(began < at < ended for at, _ in bars)
    print("beats before the call:", "some" if before else "none")
    print("beats during the call:", "some" if during else "none")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
