"""A page that a browser saved as one file (MHTML: .mhtml, .mht) → the page itself, and where it was saved from. Pure.

Such a file is an e-mail message whose first part of HTML is the page; its pictures and styles are left out.
"""

from __future__ import annotations

import email
import email.policy
from email.errors import CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect
from email.message import Message

from index.errors import NotADecision

_MAX_PARTS = 5_000  # pictures, styles and frames of one page
_CUT_OFF = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect)
_DAMAGED = "It is a page saved as one file (MHTML) that is cut off or damaged: it does not hold the whole page."


def page_of(source: bytes) -> tuple[bytes, str | None]:
    """The page in such a file, and the address that it was saved from. Raises NotADecision if it holds none."""
    message = email.message_from_bytes(source, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if len(parts) > _MAX_PARTS:
        raise NotADecision(f"It is a page saved as one file (MHTML) of more than {_MAX_PARTS:,} parts.")
    for part in parts:
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip() and (part is not parts[-1] or not _is_cut_off(message)):
                address = message.get("Snapshot-Content-Location") or part.get("Content-Location")
                return content, str(address) if address else None
    raise NotADecision(_DAMAGED)


def _is_cut_off(message: Message) -> bool:
    """Whether the end of the message is missing, and so that of its last part."""
    return any(isinstance(defect, _CUT_OFF) for part in message.walk() for defect in part.defects)
