"""How long the fuzz and property tests look: moments in `make test`, about five minutes in `make check-deep`."""

import os

DEEP = os.environ.get("PIRACY_MONITOR_TEST_DEEP") == "1"
EXAMPLES = 3000 if DEEP else 60
HEAVY_EXAMPLES = 150 if DEEP else 4
"""For what takes a tenth of a second or more."""
