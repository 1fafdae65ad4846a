"""What can go wrong below the surface, grouped by what the person who meets it has to do.

    DecisionQAError            every error that this project raises on purpose; its text is one plain sentence
    ├── InputError             what was handed in is wrong: change it
    │   ├── NotAReference      text that is no reference such as "21 017 496"
    │   └── NotADecision       a file that cannot be read as a decision; the text is the reason
    │       └── NotRead        the same, but for a reason that is none of the file's; the next build tries again
    │           └── NotReadNow     there was no memory for it
    ├── NotHeld                what was asked for is not in the index: ask for something else, or add it
    └── IndexUnusable          the index or the model cannot serve: run the command that the text names
        ├── NoIndex            nothing has been built yet
        ├── IndexMismatch      the index was written by another version, or for another model
        ├── IndexDamaged       something of the index is not what was written
        ├── IndexBusy          another build is writing
        ├── NotEnoughMemory    something takes more memory than there is
        └── ModelError         the embedding model is missing, altered or unreadable

No error here knows of HTTP; `qa.errors` gives each its status.
"""

from __future__ import annotations

import traceback


class DecisionQAError(Exception):
    """The root: whoever shows an error to a person catches this one and prints its text."""


class InputError(DecisionQAError):
    """What was handed in is wrong; the text says what to change."""


class NotAReference(InputError):
    """The text is not an Ombudsman's reference."""


class NotADecision(InputError):
    """The file cannot be read as a decision; the text is the reason, fit for a report."""


class NotRead(NotADecision):
    """Reading the file failed in a way that nobody foresaw; another version of the program may read it.

    `how` tells of the failure without any text of the file: `kind_and_place`, or the signal that ended it.
    """

    said = "The file could not be read because of a fault in this program ({}); please report it with the file."

    def __init__(self, how: str) -> None:
        super().__init__(self.said.format(how))

    @staticmethod
    def of(error: Exception) -> NotRead:
        """What is said of a file at which an error came up that nobody foresaw."""
        return (NotReadNow if isinstance(error, MemoryError) else NotRead)(kind_and_place(error))


class NotEmbeddable(NotRead):
    """The model fails at some text of the file, and at others it does not."""

    said = "The model fails at a text of this file ({})."


class NotReadNow(NotRead):
    """Reading the file took more memory than there was."""

    said = "There was not enough memory to read the file ({}); the next build tries again."


class NotHeld(DecisionQAError):
    """The index holds no such decision, paragraph or filter value; `field` is the filter, if it is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class IndexUnusable(DecisionQAError):
    """The index or the model cannot serve; the text names the command that mends it."""


class NoIndex(IndexUnusable):
    """No version has been published yet."""


class IndexMismatch(IndexUnusable):
    """The version on disk was written by another schema, or for another model."""


class IndexDamaged(IndexUnusable):
    """Something of a version is not what was written, so nothing is told of it; `what` is, and how it differs."""

    def __init__(self, message: str, what: str = "") -> None:  # with a default it can be sent to another process
        super().__init__(message)
        self.what = what


class IndexBusy(IndexUnusable):
    """Another build is writing to the same index."""


class NotEnoughMemory(IndexUnusable):
    """There is less memory than something takes; the text says what, and how much that is where it is known."""


class ModelError(IndexUnusable):
    """The embedding model is missing, altered or unreadable."""


def kind_and_place(error: BaseException) -> str:
    """All that is told of an unforeseen error: its text may hold a question, or what stands in a file."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}" if frames else type(error).__name__


def check_is_of_file(error: Exception) -> None:
    """Raise an error that stands in the way of all files; any other, foreseen or not, is that of the one being read."""
    if isinstance(error, DecisionQAError) and not isinstance(error, NotADecision):
        raise error
