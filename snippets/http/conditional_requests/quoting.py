"""Show what `response.etag = …` sends, and what it refuses."""

from aiohttp import ETag, web

# --8<-- [start:values]
VALUES = ("v1", ETag("v1", is_weak=True), '"v1"', "", "*")


def sent(value: str | ETag) -> str:
    """Return the header field that carries a tag, or the error."""
    response = web.Response()
    try:
        response.etag = value
    except ValueError as error:
        return type(error).__name__
    return response.headers["ETag"]


# --8<-- [end:values]
def main() -> None:
    # --8<-- [start:call]
    for value in VALUES:
        print(f"{value!r:32} {sent(value)}")
    # --8<-- [end:call]


if __name__ == "__main__":
    main()
