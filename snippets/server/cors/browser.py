"""Show what a browser makes of the four headers."""

from collections.abc import Mapping

APP = "https://app.example"
ALLOWED = {
    "Origin": APP,
    "Methods": "POST, GET, DELETE, PUT, OPTIONS",
    "Headers": "Content-Type, Authorization",
}


# --8<-- [start:obstacle]
def obstacle(
    allowed: Mapping[str, str],
    page: str,
    method: str = "GET",
    header: str | None = None,
    cookies: bool = False,
) -> str | None:
    """Say why a browser keeps a page from reading, if it does.

    Args:
        allowed: The headers, without `Access-Control-Allow-`.
        page: The origin of the page.
        method: The method the page uses.
        header: A header it sets that needs permission, if any.
        cookies: Whether it asks for `credentials: "include"`.

    Source: Fetch Standard, “CORS check”, “CORS-preflight fetch”.
    """
    if allowed["Origin"] == "*" and cookies:
        return "* with cookies"
    if allowed["Origin"] not in ("*", page):
        return f"not {page}"
    methods = f"GET, HEAD, POST, {allowed['Methods']}".split(", ")
    if method not in methods:
        return f"method {method}"
    headers = allowed["Headers"].lower().split(", ")
    if header and header.lower() not in headers:
        return f"header {header}"
    return None


# --8<-- [end:obstacle]
# --8<-- [start:main]
def main() -> None:
    two = ALLOWED | {"Origin": f"{APP}, https://b.example"}
    slash = ALLOWED | {"Origin": f"{APP}/"}
    star = ALLOWED | {"Origin": "*"}
    print("JSON:", obstacle(ALLOWED, APP, "POST", "Content-Type"))
    print("PATCH:", obstacle(ALLOWED, APP, "PATCH"))
    print("Comfy-User:", obstacle(ALLOWED, APP, header="Comfy-User"))
    print("two origins:", obstacle(two, APP))
    print("a slash:", obstacle(slash, APP))
    print("cookies:", obstacle(star, APP, cookies=True))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
