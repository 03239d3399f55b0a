"""What of the real ComfyUI takes whose place in `snippets.recreation`."""

import atexit
import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from aiohttp import web

import snippets.recreation
from tests.real.later import adapt_later

# Public names of `snippets.recreation` that stay ours, by reason; a test finds any other.
OURS = {
    "there a function inside the constructor, which is reached by its route": """
        server.get_dir_by_type server.compare_image_hash server.image_upload server.node_info
    """,
    "a part of what is one function there": """
        server.is_inside server.is_file server.save_as_it_is server.free_name server.copy_alpha
        server.locate_image server.image_response server.preview_response server.channel_response
        server.file_headers server.find_scripts server.build_app server.tls_context
        execution.problem execution.raised execution.validate_value execution.validate_link
        execution.inner_problem execution.validate_input execution.validate_output
        execution.validate_outputs execution.find_needs main.describe_error
    """,
    "a type or a constant that has no name there": """
        server.ImageSave server.FORCED server.OPAQUE execution.Server execution.Validation
        execution.Problem execution.Verdict execution.CONVERT execution.BAD_LINK execution.Item
        main.PromptServer main.Started
        folder_paths.BASE folder_paths.directories folder_paths.WEIGHTS folder_paths.FOLDERS
        folder_paths.SUFFIXES folder_paths.KINDS folder_paths.Listing
        utils.Hook utils.MAX_SIZE utils.hooks model_management.interrupted
    """,
    "there in a module of its own, comfy_execution.graph": """
        execution.NodeNotFoundError execution.DependencyCycleError
    """,
    "a toy, or a part of one; the real nodes need torch": """
        nodes.Inputs nodes.TEXT nodes.SIZE nodes.FLOAT nodes.SAMPLER nodes.CANVAS nodes.Node
        nodes.KSampler nodes.CheckpointLoaderSimple nodes.CLIPTextEncode nodes.EmptyLatentImage
        nodes.VAEDecode nodes.SaveImage nodes.SaveImageWebsocket nodes.Fail
    """,
    "done for both by the adapter `make_folders`": "folder_paths.set_models_directory",
    "reads the command line, of which ours has less": """
        cli_args.Args cli_args.OneLineParser cli_args.build_parser cli_args.folder cli_args.port
        cli_args.megabytes cli_args.WEB
    """,
    "the real server brings its own": "internal_routes.InternalRoutes",
    "the whole program": "main.main",
    "what runs either server for a block": """
        serving.example_prompt serving.Serving serving.flags_set serving.serving serving.running
        serving.SMALL_PROMPT
    """,
}


class Swapped(ModuleType):
    """A module of ComfyUI under our name; what it does not have is ours."""

    def __init__(self, real: ModuleType, ours: ModuleType, adapters: dict[str, Any]) -> None:
        super().__init__(ours.__name__)
        vars(self).update(_real=real, _ours=ours, _adapters=adapters, _first=dict(vars(real)))

    def __getattr__(self, name: str) -> Any:
        if name in self._adapters:
            return self._adapters[name]
        if name in vars(self._real):
            return getattr(self._real, name)
        return getattr(self._ours, name)

    def is_swapped(self, name: str) -> bool:
        """Say whether the name is ComfyUI's, or an adapter to it."""
        return name in self._adapters or name in self._first

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real if name in vars(self._real) else self._ours, name, value)

    def __delattr__(self, name: str) -> None:
        """Take back what `unittest.mock` has patched: it deletes what the module's own dict does not have."""
        if name in self._first:
            setattr(self._real, name, self._first[name])
        else:
            delattr(self._ours, name)


class WorkerEnd(Exception):
    """Ends the worker, which nothing in ComfyUI ends."""


def apply(real: dict[str, ModuleType]) -> None:
    """Put the real modules where tests and demonstrations look for ours; only `serving` stays as it is."""
    modules: dict[str, Any] = {name: importlib.import_module(f"snippets.recreation.{name}") for name in real}
    toys, nodes = modules["nodes"], real["nodes"]
    nodes.NODE_CLASS_MAPPINGS = toys.NODE_CLASS_MAPPINGS  # type: ignore[attr-defined]
    adapters = adapt(real, modules)
    for name, module in real.items():
        swapped = Swapped(module, modules[name], adapters.get(name, {}))
        sys.modules[f"snippets.recreation.{name}"] = swapped
        setattr(snippets.recreation, name, swapped)
    for name in ("utils", "folder_paths", "model_management"):  # the toys' own imports
        setattr(toys, name, getattr(snippets.recreation, name))


def adapt(real: dict[str, Any], ours: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what takes more than another module: what ours returns, ends or takes, not the real one."""
    paths, cli_args, main = real["folder_paths"], real["cli_args"], real["main"]
    places, base = dict(paths.folder_names_and_paths), Path(paths.base_path)
    user = tempfile.mkdtemp()  # ComfyUI writes there too; ours has no such folder
    atexit.register(shutil.rmtree, user)
    paths.set_user_directory(user)

    start = real["server"].PromptServer.start_multi_address

    async def start_multi_address(self: Any, *given: Any, **more: Any) -> web.AppRunner:
        """Listen, and return the runner, which the real one keeps to itself."""
        made: list[web.AppRunner] = []
        plain = web.AppRunner

        def runner(*args: Any, **options: Any) -> web.AppRunner:
            made.append(plain(*args, **options))
            return made[0]

        web.AppRunner = runner  # type: ignore[misc, assignment]
        try:
            await start(self, *given, **more)
        except SystemExit as end:  # of later versions; it would end the event loop, and pytest with it
            raise RuntimeError(f"the server exits with {end.code}") from end
        finally:
            web.AppRunner = plain  # type: ignore[misc]
        return made[0]

    real["server"].PromptServer.start_multi_address = start_multi_address

    def set_args(words: list[str]) -> None:
        ours["cli_args"].set_args(words)  # refuses what ours refuses
        given = vars(cli_args.parser.parse_args(words))
        given["front_end_root"] = given["front_end_root"] or str(ours["cli_args"].WEB)
        vars(cli_args.args).update(given)

    def make_folders(root: Path) -> None:
        ours["main"].make_folders(root)
        for kind in ("input", "output", "temp"):
            getattr(paths, f"set_{kind}_directory")(str(ours["folder_paths"].directories[kind]))
        for kind, (folders, suffixes) in places.items():
            below = [root / Path(folder).relative_to(base) for folder in folders]
            if kind in ("configs", "custom_nodes"):
                below = [root / "models" / kind]
            paths.folder_names_and_paths[kind] = [str(folder) for folder in below], suffixes
        paths.filename_list_cache.clear()

    def prompt_worker(q: Any, server_instance: Any) -> None:
        """Run the real worker until the flag `stop` is set."""
        get, set_flag = q.get, q.set_flag
        stopping: list[bool] = []

        def get_soon(timeout: float | None = None) -> Any:
            while True:
                if stopping and not q.queue:
                    raise WorkerEnd
                item = get(timeout=0.2)
                if item is not None or q.flags:
                    return item

        def set_flag_or_stop(name: str, data: Any) -> None:
            if name == "stop":
                stopping.append(True)
            set_flag(name, data)

        q.get, q.set_flag = get_soon, set_flag_or_stop
        try:
            main.prompt_worker(q, server_instance)
        except WorkerEnd:
            return

    def hand_over(name: str) -> Any:
        """Return a setter that takes a path, as ours, and hands over a text, as the real one wants it."""
        return lambda directory: getattr(paths, name)(str(directory))

    def as_path(name: str) -> Any:
        """Return a getter of a path, as ours, of what the real one has as a text."""
        return lambda: Path(getattr(paths, name)())

    def annotated_filepath(name: str) -> tuple[str, Path | None]:
        filename, directory = paths.annotated_filepath(name)
        return filename, directory and Path(directory)

    later = adapt_later(real)
    directories = {"annotated_filepath": annotated_filepath}
    for kind in ("input", "output", "temp"):
        directories[f"set_{kind}_directory"] = hand_over(f"set_{kind}_directory")
        directories[f"get_{kind}_directory"] = as_path(f"get_{kind}_directory")
    return {
        "cli_args": {"set_args": set_args},
        "execution": later["execution"],
        "main": {"make_folders": make_folders, "prompt_worker": prompt_worker, **later["main"]},
        "folder_paths": directories,
    }
