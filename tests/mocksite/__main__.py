"""`python -m tests.mocksite --port N [--write FOLDER]`: write the material, say the port, serve until ended."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.mocksite.catalogue import write_catalogue
from tests.mocksite.profiles import write_profiles, write_truth
from tests.mocksite.server import serve

arguments = argparse.ArgumentParser(prog="python -m tests.mocksite")
arguments.add_argument("--port", type=int, default=0)
arguments.add_argument("--write", type=Path)
given = arguments.parse_args()
ended = threading.Event()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda _signal, _frame: ended.set())
with serve(given.port) as site:
    if given.write:
        write_catalogue(given.write)
        write_profiles(given.write, site.port)
        write_truth(given.write, site.port)
    sys.stdout.write(json.dumps({"port": site.port}) + "\n")
    sys.stdout.flush()
    ended.wait()
