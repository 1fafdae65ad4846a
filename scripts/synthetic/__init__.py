"""Decisions of an invented caseload: a Draft of each, and the files and the truth that are made of it."""
