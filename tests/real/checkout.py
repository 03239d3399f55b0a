"""Import server.py, execution.py and main.py of a ComfyUI clone, unmodified; what needs torch is a stub.

Nothing is written to the disk and nothing stands on `sys.path`: one finder knows three kinds of modules.

* real: all of the clone outside `comfy` and `nodes`, besides `comfy.cli_args` and `comfy.options`
* lifted: single definitions of a file that as a whole needs torch, compiled from the clone's own text
* stubs: torch and what else is not installed, and the rest of `comfy`; they take every call and do nothing
"""

import ast
import collections
import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, MutableSequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pygit2

TAG = "v0.3.10"
FOREIGN = """
    torch torchaudio torchvision torchsde numpy psutil safetensors tqdm einops av scipy transformers
    tokenizers sentencepiece kornia spandrel soundfile sqlalchemy alembic pydantic pydantic_settings
    comfy_kitchen comfy_aimdo comfyui_frontend_package
    requests typing_extensions
""".split()  # noqa: SIM905
REAL = {"comfy", "comfy.options", "comfy.cli_args", "comfy.deploy_environment"}
LIFTED = {
    "comfy.model_management": """
        InterruptProcessingException interrupt_processing_mutex interrupt_processing
        interrupt_current_processing processing_interrupted throw_exception_if_processing_interrupted
        is_oom
    """,
    "comfy.utils": """
        safetensors_header PROGRESS_BAR_ENABLED PROGRESS_BAR_HOOK set_progress_bar_enabled ProgressBar
        set_progress_bar_global_hook MAX_PREVIEW_RESOLUTION PROGRESS_THROTTLE_MIN_INTERVAL
        PROGRESS_THROTTLE_MIN_PERCENT
    """,
    "nodes": """
        before_node_execution interrupt_processing EXTENSION_WEB_DIRS LOADED_MODULE_DIRS get_module_name
        load_custom_node init_external_custom_nodes get_relative_module_name
    """,
}


class Lenient(type):
    """Makes a class whose every attribute is there; as a decorator it changes nothing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything

    def __getitem__(cls, key: object) -> Any:
        return cls

    def __or__(cls, other: object) -> Any:
        return cls

    __ror__ = __or__

    def __iter__(cls) -> Any:
        return iter(())


class Anything(metaclass=Lenient):
    """Stands for whatever a stub is asked for."""

    def __new__(cls, *args: Any, **more: Any) -> Any:  # noqa: D102
        decorates = cls is Anything and len(args) == 1 and callable(args[0]) and not more
        return args[0] if decorates else super().__new__(cls)

    def __init__(self, *args: Any, **more: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything

    def __call__(self, *args: Any, **more: Any) -> Any:  # noqa: D102
        return Anything(*args, **more)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: object) -> None: ...

    def __iter__(self) -> Any:
        return iter(())

    def __await__(self) -> Any:
        return iter(())


class Stub(ModuleType):
    """A module in which every name exists."""

    __path__: MutableSequence[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything


class Checkout:
    """The files of one commit of a clone, or of a folder that is no clone, with edits and all."""

    def __init__(self, place: Path, revision: str = TAG) -> None:
        self.root = place.resolve()
        self.tree: Any = None
        self.commit = ""
        with contextlib.suppress(pygit2.GitError):
            repository = pygit2.Repository(str(place))
            commit = repository.revparse_single(revision).peel(pygit2.Commit)
            self.tree, self.commit = commit.tree, str(commit.id)

    def read(self, path: str) -> str | None:
        """Return a file's text; "" for a folder, None for nothing."""
        if self.tree is None:
            file = self.root / path
            return "" if file.is_dir() else file.read_text("utf-8") if file.is_file() else None
        try:
            found = self.tree[path]
        except KeyError:
            return None
        return "" if isinstance(found, pygit2.Tree) else found.data.decode()

    def names(self) -> set[str]:
        """Return what can be imported from the top."""
        if self.tree is None:
            return {p.stem for p in self.root.iterdir() if p.suffix == ".py" or p.is_dir()}
        return {Path(x.name).stem for x in self.tree if isinstance(x, pygit2.Tree) or x.name.endswith(".py")}


class Finder(MetaPathFinder, Loader):
    """Finds the modules of one checkout, and stubs."""

    def __init__(self, checkout: Checkout) -> None:
        self.checkout = checkout
        self.own = checkout.names() - {"tests", "tests-unit", "docs", "tools"}
        self.foreign = {name for name in FOREIGN if importlib.util.find_spec(name) is None}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Find a module: a stub, a file of the checkout, or a folder of it."""
        top, place = name.partition(".")[0], name.replace(".", "/")
        if top in self.foreign or name == "nodes" or (top == "comfy" and name not in REAL):
            return ModuleSpec(name, self, is_package=True, loader_state=None)
        for file in (f"{place}/__init__.py", f"{place}.py") if top in self.own else ():
            if (text := self.checkout.read(file)) is not None:
                package = file.endswith("/__init__.py")
                origin = str(self.checkout.root / file)
                spec = ModuleSpec(name, self, origin=origin, is_package=package, loader_state=text)
                spec.has_location = True
                return spec
        if top in self.own and self.checkout.read(place) == "":
            return ModuleSpec(name, self, is_package=True, loader_state="")
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make a stub; leave other modules to Python."""
        return Stub(spec.name) if spec.loader_state is None else None

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's text, or fill a stub with what is lifted and what a caller needs."""
        spec = module.__spec__
        assert spec
        if spec.loader_state is not None:
            exec(compile(spec.loader_state, spec.origin or "", "exec"), module.__dict__)
            return
        if module.__name__ in LIFTED:
            lift(self.checkout, module, set(LIFTED[module.__name__].split()))
        if module.__name__ in FILL:
            FILL[module.__name__](module)

    def get_source(self, name: str) -> str | None:
        """Return a module's text, for tracebacks."""
        spec = self.find_spec(name)
        return spec.loader_state if spec else None


def lift(checkout: Checkout, module: ModuleType, names: set[str]) -> None:
    """Run, of the checkout's file, its imports and these definitions; each keeps its line number."""
    path = module.__name__.replace(".", "/") + ".py"
    file = module.__file__ = str(checkout.root / path)
    for node in ast.parse(checkout.read(path) or "").body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        bound = {getattr(node, "name", None), *(getattr(target, "id", None) for target in targets)}
        if bound & names:
            exec(compile(ast.Module([node], []), file, "exec"), module.__dict__)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            with contextlib.suppress(Exception):  # what is missing there, no lifted definition needs
                exec(compile(ast.Module([node], []), file, "exec"), module.__dict__)


def fill_torch(module: Any) -> None:
    """Let the executor enter `torch.inference_mode()`."""
    module.inference_mode = contextlib.nullcontext
    module.__version__ = "0"


def fill_model_management(module: Any) -> None:
    """Say that there is one device, `cpu`, without memory."""
    device = SimpleNamespace(type="cpu", index=None)
    module.OOM_EXCEPTION = module.ACCELERATOR_ERROR = type("OOM_EXCEPTION", (Exception,), {})
    module.DISABLE_SMART_MEMORY, module.total_ram = False, 8192.0
    module.torch_version, module.torch_version_numeric = "", (0, 0)
    module.torch = SimpleNamespace(device=lambda name: device)
    module.get_torch_device = lambda: device
    module.get_all_torch_devices = lambda: [device]
    module.get_torch_device_name = lambda device: "cpu"
    module.get_total_memory = module.get_free_memory = lambda device=None, **both: (0, 0) if both else 0
    module.should_free_pins_for_ram_pressure = lambda shortfall: False
    for name in "unload_all_models cleanup_models_gc cleanup_models soft_empty_cache".split():  # noqa: SIM905
        setattr(module, name, lambda *args, **more: None)


def fill_psutil(module: Any) -> None:
    """Say that memory is free, else the cache of later versions drops what it holds."""
    module.virtual_memory = lambda: SimpleNamespace(total=2**33, available=2**33)


def fill_nodes(module: Any) -> None:
    """Leave out every node; `swaps` puts the toys there."""
    module.NODE_CLASS_MAPPINGS = {}
    module.NODE_DISPLAY_NAME_MAPPINGS = {}
    module.init_extra_nodes = Anything


FILL: dict[str, Callable[[ModuleType], None]] = {
    "torch": fill_torch,
    "psutil": fill_psutil,
    "comfy.model_management": fill_model_management,
    "nodes": fill_nodes,
}


def load(checkout: Checkout) -> dict[str, ModuleType]:
    """Import the real modules, once a process; return them by `snippets.recreation`'s names for them."""
    sys.meta_path.insert(0, Finder(checkout))
    argv, sys.argv = sys.argv, ["main.py", "--disable-all-custom-nodes"]
    try:
        logger: Any = importlib.import_module("app.logger")
        logger.setup_logger = lambda *args, **more: None  # it would take sys.stdout, pytest's too
        logger.logs = collections.deque(maxlen=300)
        names = "main server execution folder_paths nodes comfy.utils comfy.model_management comfy.cli_args"
        return {name.rpartition(".")[2]: importlib.import_module(name) for name in names.split()}
    finally:
        sys.argv = argv
