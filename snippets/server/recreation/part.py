"""Show the whole server, put together from its parts."""

from snippets.server.application.part import PromptServer
from snippets.server.application.settings import Settings
from snippets.server.introspection import (
    extensions,
    metadata,
    object_info,
    stats,
)
from snippets.server.introspection import part as models
from snippets.server.prompt_queue import (
    change,
    manage,
    submit,
    wishes,
)
from snippets.server.recreation.internal import build_internal
from snippets.server.routes import part as routes
from snippets.server.uploads import mask
from snippets.server.uploads import part as uploads
from snippets.server.view import part as view
from snippets.server.websocket import part as websocket

# --8<-- [start:build]
# In the order of server.py.
PARTS = (
    websocket,
    routes,
    models,
    extensions,
    uploads,
    mask,
    view,
    metadata,
    stats,
    object_info,
    manage,
    submit,
    change,
    wishes,
)


def build(settings: Settings) -> PromptServer:
    """Return a server with all its routes, not yet listening."""
    server = PromptServer(settings)
    server.app.add_subapp("/internal", build_internal())
    routes.add_routes(
        server, [r for part in PARTS for r in part.routes]
    )
    return server


# --8<-- [end:build]
def main() -> None:
    for part in PARTS:
        print(*part.routes, sep="\n")


if __name__ == "__main__":
    main()
