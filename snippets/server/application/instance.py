"""Show what a class attribute gives to code that has no object."""

from typing import ClassVar

from aiohttp import web


# --8<-- [start:server]
class Server:
    """Keeps itself where everybody who can import it looks."""

    instance: ClassVar["Server"]

    def __init__(self) -> None:
        Server.instance = self
        self.manager = Manager()
        self.routes = web.RouteTableDef()


class Manager:
    """Made inside the constructor, before the route table."""

    def __init__(self) -> None:
        self.saw_routes = hasattr(Server.instance, "routes")


def import_custom_node() -> None:
    """Add a route, as a module can while it is imported."""

    @Server.instance.routes.get("/hello")
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="hello")


# --8<-- [end:server]
# --8<-- [start:main]
def main() -> None:
    try:
        import_custom_node()
    except AttributeError as error:
        print("too early:", error)
    first = Server()
    print("halfway: routes", first.manager.saw_routes)
    import_custom_node()
    print("ready:", len(first.routes), "route")
    Server()
    import_custom_node()
    print("a second server: the first keeps", len(first.routes))


# --8<-- [end:main]
if __name__ == "__main__":
    main()
