"""`python -m tests.mocknet --port N [--write FOLDER]`: write the material, say the port, serve until ended."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.mocknet.profiles import write_all
from tests.mocknet.server import serve

arguments = argparse.ArgumentParser(prog="python -m tests.mocknet")
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--write", type=Path)
given = arguments.parse_args()
ended = threading.Event()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda _signal, _frame: ended.set())
with serve(given.port) as running:
    if given.write:
        write_all(running.network, given.write)
    sys.stdout.write(json.dumps({"port": running.network.port}) + "\n")
    sys.stdout.flush()
    ended.wait()
