"""Where the command starts. Importing all of it takes a second, in which Ctrl-C simply ends it."""

import contextlib
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from qa import cli  # noqa: E402  the imports are what takes time


def main() -> None:
    """Run the command. Once interrupted it ends at once, also while another thread is importing the model's library."""
    try:
        cli.main()
    except SystemExit as left:
        if left.code == 130:
            with contextlib.suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(130)
        raise


if __name__ == "__main__":
    main()
