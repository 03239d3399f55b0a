"""The real files are read at their commit, and what they miss is a stub; tried on a program made up here."""

import subprocess
import sys
from pathlib import Path

import pygit2
import pytest

from tests.real.checkout import Checkout

FILES = {
    "server.py": "import torch, nodes, extra.part, folder_paths\n\nclass PromptServer:\n    pass\n",
    "execution.py": "import torch\n\nwith torch.inference_mode():\n    done = torch.nn.functional.pad(1)\n",
    "main.py": "import comfy.model_management\n\nmemory = comfy.model_management.get_total_memory()\n",
    "folder_paths.py": "base_path = __file__\n",
    "nodes.py": "import torch\ndef interrupt_processing(value=True):\n    return 0, value\nheavy = 1 / 0\n",
    "extra/part.py": "word = 'part'\n",
    "app/logger.py": "def setup_logger():\n    raise SystemExit('it takes sys.stdout')\n",
    "comfy/__init__.py": "",
    "comfy/options.py": "",
    "comfy/cli_args.py": "args = None\n",
    "comfy/utils.py": "raise SystemExit('not to be run')\n",
    "comfy/model_management.py": "def processing_interrupted():\n    return False\n",
}
TRY = """
from pathlib import Path
from tests.real.checkout import Checkout, load

real = load(Checkout(Path({place!r}), "HEAD"))
print(real["server"].extra.part.word, real["server"].__file__)
print(real["nodes"].interrupt_processing()[1], "heavy" in vars(real["nodes"]))
print(real["main"].memory, real["model_management"].processing_interrupted())
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository with one commit, whose files then change."""
    repository = pygit2.init_repository(str(tmp_path))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    repository.index.add_all()
    tree, author = repository.index.write_tree(), pygit2.Signature("x", "x@example.org")
    repository.create_commit("HEAD", author, author, "x", tree, [])
    (tmp_path / "server.py").write_text("raise SystemExit('edited')\n", "utf-8")
    return tmp_path


def test_the_commit_is_read_and_not_the_edited_file(clone: Path) -> None:
    """A clone is read at its commit, a folder that is no clone as it stands; nothing is written to either."""
    before = sorted(clone.rglob("*"))
    assert "PromptServer" in (Checkout(clone, "HEAD").read("server.py") or "")
    assert Checkout(clone, "HEAD").read("gone.py") is None
    assert Checkout(clone, "HEAD").read("extra") == ""
    folder = Checkout(clone / "extra")
    assert folder.read("part.py") == FILES["extra/part.py"]
    assert sorted(clone.rglob("*")) == before


def test_what_is_missing_is_a_stub(clone: Path) -> None:
    """Real modules run, of `nodes` only what is wanted does, torch takes everything, stdout stays."""
    command = [sys.executable, "-B", "-c", TRY.format(place=str(clone))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"part {clone / 'server.py'}", "True False", "0 False"]
