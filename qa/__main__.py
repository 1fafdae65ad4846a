"""Where the command starts. Importing all of it takes a second, in which Ctrl-C simply ends it."""

import contextlib
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from index.errors import NotEnoughMemory  # noqa: E402
from index.memory import Need, cores, demand, told  # noqa: E402

_START = "start decision-qa"

try:
    # The libraries of linear algebra end the process that lacks it, and take a part of addresses for each thread.
    demand(_START, Need(addresses=300 + 140 * cores(), written=100 + 140 * cores(), used=100))
    with told(_START):
        from qa import cli  # the imports are what takes time
except NotEnoughMemory as error:
    sys.stderr.write(f"decision-qa: {error}\n")
    sys.exit(2)


def main() -> None:
    """Run the command, and end at once with its exit code.

    What the libraries do when Python ends would fail where another thread is still loading the model, or computing.
    """
    try:
        cli.main()
    except SystemExit as left:
        if not isinstance(left.code, int):
            raise
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, AttributeError):  # one that was closed before is None
                stream.flush()
        os._exit(left.code)


if __name__ == "__main__":
    main()
