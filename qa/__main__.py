"""Where the command starts. Importing all of it takes a second, in which Ctrl-C simply ends it."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

from qa.cli import main  # noqa: E402  the imports are what takes time

if __name__ == "__main__":
    main()
