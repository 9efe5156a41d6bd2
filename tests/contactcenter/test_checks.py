import pytest

from contactcenter import checks


@pytest.fixture
def production(settings):
    settings.SECURE = True
    settings.PUBLIC_URL = "https://service.nordhem.example"
    settings.ALLOWED_HOSTS = ["service.nordhem.example"]
    settings.DEBUG = False
    return settings


def ids(found):
    return [each.id for each in found]


def test_production_needs_a_secret_key_of_its_own(production, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert ids(checks.check_secrets(None)) == ["contactcenter.E001"]
    monkeypatch.setenv("SECRET_KEY", "short")
    production.SECRET_KEY = "short"
    assert ids(checks.check_secrets(None)) == ["contactcenter.E002"]
    production.SECRET_KEY = "long enough to be worth something at all"
    assert checks.check_secrets(None) == []


def test_a_demo_makes_its_own_secret_key(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert checks.check_secrets(None) == []


def test_production_needs_a_database(production):
    production.DATABASE_URL = ""
    assert ids(checks.check_servers(None)) == ["contactcenter.E003"]


def test_without_a_database_a_command_on_this_machine_is_only_warned(settings):
    settings.DATABASE_URL = ""
    assert ids(checks.check_servers(None)) == ["contactcenter.W003"]


@pytest.mark.parametrize("allowed", [["service.nordhem.example"], [".nordhem.example"]])
def test_hosts_that_fit_the_public_address(production, allowed):
    production.ALLOWED_HOSTS = allowed
    assert checks.check_addresses(None) == []


def test_hosts_that_do_not_fit_the_public_address(production):
    production.ALLOWED_HOSTS = ["elsewhere.example"]
    assert ids(checks.check_addresses(None)) == ["contactcenter.E004"]
    production.ALLOWED_HOSTS = ["*"]
    assert ids(checks.check_addresses(None)) == ["contactcenter.E005"]


def test_debug_is_not_for_strangers(production):
    production.DEBUG = True
    assert ids(checks.check_addresses(None)) == ["contactcenter.E006"]


def test_strangers_in_clear_text_are_a_warning(production):
    production.SECURE, production.PUBLIC_URL = False, "http://service.nordhem.example"
    assert ids(checks.check_addresses(None)) == ["contactcenter.W007"]


def test_a_home_that_cannot_be_written(settings, monkeypatch, tmp_path):
    settings.HOME = tmp_path / "not" / "there" / "yet"
    assert checks.check_home(None) == []
    monkeypatch.setattr("os.access", lambda *_: False)
    assert ids(checks.check_home(None)) == ["contactcenter.E008"]
