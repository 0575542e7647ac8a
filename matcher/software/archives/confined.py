"""Gives up what a decoder will not need, then becomes it: `confined.py MEMORY_BYTES CPU_SECONDS PROGRAM ARGUMENT …`.

It runs by path and imports nothing of ours, so that it starts fast.
"""

import os
import resource
import sys

if __name__ == "__main__":
    memory, cpu = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It writes to its standard output, a pipe, and to no file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 - the program that our own command line names
