"""Where the command starts. Importing all of it takes a second, in which Ctrl-C simply ends it."""

import contextlib
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from qa import cli  # noqa: E402  the imports are what takes time


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
