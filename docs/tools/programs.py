"""Run programs one after another, each in a process of its own, and print what came of them as JSON.

`python -W error -m tools.programs SECONDS NAME …` does what `python -W error -m NAME` does for each,
but for one thing: the processes are forked from one that has imported aiohttp, which is most of their time.
"""

import json
import os
import runpy
import signal
import sys
import tempfile

import aiohttp.web  # noqa: F401 - the programs find it loaded


def run(name: str, seconds: int) -> tuple[int, str, str]:
    """Run a program; return its exit code, its output and its errors. The alarm's code is -SIGALRM."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = os.fork()
        if not process:
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            signal.alarm(seconds)
            sys.argv = [name]
            runpy.run_module(name, run_name="__main__", alter_sys=True)
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        output.seek(0)
        errors.seek(0)
        return code, output.read().decode(), errors.read().decode()


if __name__ == "__main__":
    print(json.dumps([run(name, int(sys.argv[1])) for name in sys.argv[2:]]))
