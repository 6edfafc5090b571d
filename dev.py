"""Tasks of the checkout, with the standard library alone: `python dev.py run`, `test`, and more."""

# No `from __future__` here, and nothing newer than Python 2 can parse: whatever `python` turns out
# to be has to get as far as the sentence below.
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the check is for whoever has an older one
    sys.exit(
        "StreamCore needs Python 3.11 or newer, found "
        + sys.version.split()[0]
        + " ("
        + sys.executable
        + "). Install a newer one from python.org and start dev.py with it."
    )

from tools.dev.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
