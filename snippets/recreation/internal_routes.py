"""The routes that ComfyUI keeps to itself, below /internal."""

from aiohttp import web

from snippets.recreation import folder_paths


class InternalRoutes:
    """An application of its own, for the front end alone.

    Source: ComfyUI v0.3.10,
    api_server/routes/internal/internal_routes.py.
    """

    def get_app(self) -> web.Application:
        """Return the application, not yet running."""
        app = web.Application()
        app.router.add_get("/logs", self.get_logs)
        app.router.add_get("/logs/raw", self.get_raw_logs)
        app.router.add_patch("/logs/subscribe", self.subscribe_logs)
        app.router.add_get("/folder_paths", self.get_folder_paths)
        app.router.add_get("/files", self.list_files)
        return app

    # ComfyUI: what was logged, and where models lie.
    async def get_logs(self, request: web.Request) -> web.Response:
        """Return the log as one text; this server keeps none."""
        return web.json_response("")

    async def get_raw_logs(self, request: web.Request) -> web.Response:
        """Return the log line by line, and the terminal's size."""
        size = {"cols": 80, "rows": 24}
        return web.json_response({"entries": [], "size": size})

    async def subscribe_logs(
        self, request: web.Request
    ) -> web.Response:
        """Read who wants to hear the log; a list as a name is a 500."""
        data = await request.json()
        hash(data["clientId"])  # ComfyUI: put into a set.
        bool(data["enabled"])
        return web.Response()

    async def get_folder_paths(
        self, request: web.Request
    ) -> web.Response:
        """List the kinds of models, each without its folders."""
        kinds = folder_paths.folder_names_and_paths
        return web.json_response({kind: [] for kind in kinds})

    async def list_files(self, request: web.Request) -> web.Response:
        """Refuse, as the real one does where it knows no folder."""
        error = {"error": "Invalid directory key"}
        return web.json_response(error, status=400)
