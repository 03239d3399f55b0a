"""Show which Cache-Control ComfyUI v0.33.0 gives to what."""

from aiohttp import web
from aiohttp.typedefs import Handler

# --8<-- [start:rule]
ONE_HOUR, ONE_DAY = 3600, 86400  # seconds
IMG_EXTENSIONS = (
    *(".jpg", ".jpeg", ".png", ".webp", ".bmp"),
    *(".tif", ".tiff", ".ppm", ".pgm"),
)
KEPT = dict.fromkeys([*range(200, 207), 301, 308], ONE_DAY)
KEPT[404] = ONE_HOUR


def rule(path: str, status: int) -> str | None:
    """Return the Cache-Control for a response, or None for none.

    Args:
        path: the path of the request, without its query.
        status: the status that the handler gives back.

    Source: ComfyUI 2f35f4a0, middleware/cache_middleware.py, 22–53
    """
    name = path.rpartition("/")[2]
    index = name.startswith("index") and name.endswith(".json")
    if index or name.endswith((".js", ".css")):
        return "no-store"
    if not name.lower().endswith(IMG_EXTENSIONS):
        return None
    if status in KEPT:
        return f"public, max-age={KEPT[status]}"
    return "no-cache" if status in {302, 303, 307} else None


# --8<-- [end:rule]
# --8<-- [start:middleware]
@web.middleware
async def cache_control(
    request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Add the rule, unless the handler has set one of its own."""
    response = await handler(request)
    if value := rule(request.path, response.status):
        response.headers.setdefault("Cache-Control", value)
    return response


# --8<-- [end:middleware]
# --8<-- [start:main]
def main() -> None:
    cases = [("/app.js", 404), ("/index.zh.json", 200), ("/view", 200)]
    cases += [("/cat.PNG", status) for status in (200, 302, 304, 404)]
    for path, status in cases:
        print(f"{path:15}{status}  {rule(path, status) or '-'}")


# --8<-- [end:main]
if __name__ == "__main__":
    main()
