from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.retrieval.answerability import content
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
        "DECISION_QA_CONFIDENCE": "1",
        "HOME": "/",
    }
    settings = Settings.read(given)
    assert (settings.index, settings.port, settings.threshold, settings.confidence) == (tmp_path, 9000, 0.5, 1.0)


def test_thresholds_are_those_that_were_learned():
    """Unless they are set otherwise the thresholds are those for which the figures of the project hold."""
    settings = Settings.read({})
    assert settings.threshold == pytest.approx(content()["threshold"], abs=0.005)
    assert 0 < settings.confidence < 1


def test_unknown_setting_is_refused():
    """A misspelt setting is refused, with the one that was meant."""
    with pytest.raises(SettingsError, match=r"DECISION_QA_INDX.*Did you mean DECISION_QA_INDEX"):
        Settings.read({"DECISION_QA_INDX": "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PROCESSES", "0"),
        ("PROCESSES", "many"),
        ("PROCESSES", "65"),
        ("THRESHOLD", "high"),
        ("THRESHOLD", "nan"),
        ("CONFIDENCE", "1.1"),
        ("CONFIDENCE", "-0.1"),
        ("MODEL", " "),
        ("FETCH_PAUSE", "0.9"),
        ("FETCH_PAUSE", "nan"),
        ("SITE", "http://www.lgo.org.uk"),
        ("SITE", "https://www.lgo.org.uk/decisions"),
        ("SITE", "https://user@www.lgo.org.uk"),
        ("SITE", "ftp://127.0.0.1"),
        ("CONTACT", "two words"),
        ("CONTACT", "a@example.org)\r\nCookie: x"),
    ],
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


LLM = {"DECISION_QA_LLM_URL": "http://127.0.0.1:8080/v1", "DECISION_QA_LLM_MODEL": "a-model"}


def test_no_language_model_by_default():
    """Unless one is set there is no language model, and nobody is sent anything."""
    settings = Settings.read({})
    assert (settings.llm_url, settings.llm_model, settings.llm_api_key) == ("", "", "")
    assert (settings.llm_timeout, settings.llm_tokens, settings.llm_prompt) == (60, 600, "answer")


def test_language_model():
    """A language model has an address and a name, and may have a key, limits and a template."""
    more = {"API_KEY": " a-key ", "TIMEOUT": "2.5", "TOKENS": "300", "PROMPT": "brief"}
    settings = Settings.read(LLM | {f"DECISION_QA_LLM_{name}": value for name, value in more.items()})
    assert (settings.llm_url, settings.llm_model) == ("http://127.0.0.1:8080/v1", "a-model")
    assert (settings.llm_api_key, settings.llm_timeout, settings.llm_tokens) == ("a-key", 2.5, 300)
    assert settings.llm_prompt == "brief"


@pytest.mark.parametrize("name", LLM)
def test_half_a_language_model_is_refused(name):
    """An address without a name of a model, or a name without an address, is refused by both names."""
    with pytest.raises(SettingsError, match="DECISION_QA_LLM_URL and DECISION_QA_LLM_MODEL must both be set"):
        Settings.read({name: LLM[name]})


@pytest.mark.parametrize("url", [
    "https://api.example.org/v1/", "https://api.example.org/v1/chat/completions",
    "https://api.example.org/v1/chat/completions/", " https://api.example.org/v1 ",
])  # fmt: skip
def test_address_as_it_is_often_given(url):
    """A slash at the end of the address, or what every call has behind it, is taken off."""
    assert Settings.read(LLM | {"DECISION_QA_LLM_URL": url}).llm_url == "https://api.example.org/v1"


@pytest.mark.parametrize("url", [
    "127.0.0.1:8080", "ftp://example.org/v1", "http://", "http:///v1", "http://127.0.0.1:99999/v1",
    "http://127.0.0.1:port/v1", "http://127.0.0.1:0/v1", "http://example.org/v1?s3cret=1", "http://example.org/#s3cret",
    "http://s3cret@example.org/v1", "http://me:s3cret@example.org/v1", "http://example.org/v1 s3cret", "http://[::1/v1",
])  # fmt: skip
def test_address_that_cannot_be_meant(url):
    """What is no address is refused and not repeated: a password may stand in it."""
    with pytest.raises(SettingsError, match=r"^DECISION_QA_LLM_URL: it must be an address such as") as caught:
        Settings.read(LLM | {"DECISION_QA_LLM_URL": url})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("key", ["two s3cret words", "s3cret-é", "s3cret\nX: y"])
def test_key_that_cannot_be_meant(key):
    """A key that no header can carry is refused and not repeated."""
    with pytest.raises(SettingsError, match=r"^DECISION_QA_LLM_API_KEY: it must be one word") as caught:
        Settings.read(LLM | {"DECISION_QA_LLM_API_KEY": key})
    assert "s3cret" not in str(caught.value)


def test_key_is_not_shown():
    """Settings that are printed do not give the key away."""
    assert "s3cret" not in repr(Settings.read(LLM | {"DECISION_QA_LLM_API_KEY": "s3cret"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIMEOUT", value) for value in ("0", "0.9", "601", "-1", "nan", "inf", "soon", "")]
    + [("TOKENS", value) for value in ("15", "16385", "-600", "6e2", "1_000", "many", "", "٦٠٠")]
    + [("PROMPT", " ")],
)
def test_limit_that_cannot_be_meant(name, value):
    """A limit that is none, too small or too large is refused by the name of its setting."""
    with pytest.raises(SettingsError, match=f"^DECISION_QA_LLM_{name} is “{value}”: it must"):
        Settings.read(LLM | {f"DECISION_QA_LLM_{name}": value})


@pytest.mark.parametrize(
    ("name", "value"), [("TIMEOUT", "1"), ("TIMEOUT", "600"), ("TOKENS", "16"), ("TOKENS", "16384")]
)
def test_limits_of_limits(name, value):
    """The least and the most that a limit may be are allowed."""
    assert getattr(Settings.read(LLM | {f"DECISION_QA_LLM_{name}": value}), f"llm_{name.lower()}") == int(value)
