"""`python -m monitor.cli` is the command itself; child processes are started so."""

from monitor.cli.main import main

main()
