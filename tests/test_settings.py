from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.settings import Settings


def test_defaults():
    """Without settings the packaged model is used and only this machine is served."""
    assert (Settings.read({}).model, Settings.read({}).host) == ("all-MiniLM-L6-v2", "127.0.0.1")


def test_settings_are_read(tmp_path):
    """Settings come from the environment."""
    given = {
        "DECISION_QA_INDEX": str(tmp_path),
        "DECISION_QA_PORT": "9000",
        "DECISION_QA_THRESHOLD": "0.5",
        "HOME": "/",
    }
    settings = Settings.read(given)
    assert (settings.index, settings.port, settings.threshold) == (tmp_path, 9000, 0.5)


def test_unknown_setting_is_refused():
    """A misspelt setting is refused, with the one that was meant."""
    with pytest.raises(SettingsError, match=r"DECISION_QA_INDX.*Did you mean DECISION_QA_INDEX"):
        Settings.read({"DECISION_QA_INDX": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("THRESHOLD", "high"), ("THRESHOLD", "nan"), ("MODEL", " ")],
)
def test_bad_value_is_refused(name, value):
    """A value that cannot be used is refused by the name of its setting."""
    with pytest.raises(SettingsError, match=f"DECISION_QA_{name}"):
        Settings.read({f"DECISION_QA_{name}": value})


def test_origins():
    """Several web sites are named apart by commas."""
    given = {"DECISION_QA_ORIGINS": "https://example.org, http://localhost:3000"}
    assert Settings.read(given).origins == ("https://example.org", "http://localhost:3000")


@pytest.mark.parametrize("origin", ["*", "example.org", "https://example.org/", "https://*.example.org", "null"])
def test_origin_that_cannot_be_meant(origin):
    """What is no origin is refused, a wildcard too."""
    with pytest.raises(SettingsError, match="DECISION_QA_ORIGINS is"):
        Settings.read({"DECISION_QA_ORIGINS": origin})


@pytest.mark.parametrize("token", ["", "short", "sixteen letters and spaces", "ﬁfteen-plus-letters-é"])
def test_token_that_cannot_be_meant(token):
    """A token that is too short, or that no header can carry, is refused and not repeated."""
    with pytest.raises(SettingsError, match=r"^DECISION_QA_TOKEN: it must have 16"):
        Settings.read({"DECISION_QA_TOKEN": token})


def test_token_is_not_shown():
    """Settings that are printed do not give the token away."""
    assert "s3cret" not in repr(Settings.read({"DECISION_QA_TOKEN": "s3cret-s3cret-s3cret"}))
