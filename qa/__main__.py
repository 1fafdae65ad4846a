"""Where the command starts. Importing all of it takes a second, in which Ctrl-C simply ends it."""

import contextlib
import os
import random
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

from index.blas import set_up_blas  # noqa: E402

set_up_blas()

from index.errors import NotEnoughMemory  # noqa: E402
from index.memory import Need, afforded, demand, processors, reports_shortage  # noqa: E402

_START = "start decision-qa"

try:
    # The libraries of linear algebra end the process that lacks it. They take a part of addresses for each processor,
    # however many threads they are told to have, and so does the model; where these are short, it does with fewer.
    if hasattr(os, "sched_setaffinity"):
        _most = afforded(
            processors(), Need(addresses=950, written=400, used=0), Need(addresses=380, written=190, used=0)
        )
        if _most < processors():
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, random.sample(sorted(os.sched_getaffinity(0)), _most))
    demand(_START, Need(addresses=240 + 128 * processors(), written=75 + 128 * processors(), used=80))
    with reports_shortage(_START):
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
