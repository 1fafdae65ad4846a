"""Decisions from the Ombudsman's site into the folder of decisions.

A request goes one way: what is wanted (`fetch.py`) becomes addresses (`site.py`), which a client asks for that obeys
the site (`polite.py`); what comes back is checked and put into the folder as it was served, and what is still to be
done is kept on disk (`state.py`), so that any run can be ended at any moment and goes on where it was.
"""
