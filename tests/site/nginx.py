"""A real nginx with Debian's own list of types, for the tests of what hosts do."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import skip_or_fail

TYPES = Path("/etc/nginx/mime.types")
MAIN = """
daemon off;
master_process off;  # its workers, run as nobody, could not read a test's folder
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {types}
  default_type application/octet-stream;  # as Debian has it
  {servers}
}}
"""
STOCK = """
server {{
  listen 127.0.0.1:{port};
  root {root};
}}
"""
FEW_TYPES = "types { text/html html; text/css css; application/javascript js; }"  # neither JSON nor wasm


@contextmanager
def nginx(folder: Path, root: Path, servers: str = STOCK, types: str = "") -> Iterator[str]:
    """Run nginx in front of a folder; yield its address. `servers` has `{port}` and `{root}`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if not program or not TYPES.exists():
        skip_or_fail("no nginx on this machine: install one (Debian: apt-get install nginx)")
    folder.mkdir()
    port = free_port()
    text = MAIN.format(
        folder=folder, types=types or f"include {TYPES};", servers=servers.format(port=port, root=root)
    )
    (folder / "nginx.conf").write_text(text, "utf-8")
    process = subprocess.Popen([program, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        while not answers(port):
            assert process.poll() is None, (folder / "error.log").read_text("utf-8")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def answers(port: int) -> bool:
    """Return whether something listens on a port."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
