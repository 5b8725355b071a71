"""Settings: three places, one order, and a line that says what is wrong."""

import resource
from pathlib import Path

import pytest

from server.errors import SettingsError
from server.settings import OPEN_FILES_WITHOUT_LIMIT, SOCKETS_SHARE, Settings, load_settings


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "diem-cau.toml"


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('port = 1001\ntick_ms = 300\nhost = "10.0.0.1"\n')
    monkeypatch.setenv("DIEMCAU_TICK_MS", "400")
    monkeypatch.setenv("DIEMCAU_HOST", "10.0.0.2")
    settings = load_settings(config, {"host": "10.0.0.3", "port": None})
    assert (settings.port, settings.tick_ms, settings.host) == (1001, 400, "10.0.0.3")


def test_what_nobody_sets_has_its_default() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.show, settings.tick_ms) == ("127.0.0.1", 8000, "live", 200)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tick_m = 300", "there is no setting “tick_m” (did you mean “tick_ms”?)"),
        ("tick_ms = 5", "diem-cau.toml, tick_ms: found “5”, expected greater than or equal to 50"),
        ('port = "http"', "diem-cau.toml, port: found “http”, expected a valid integer"),
        ('show = "both"', "diem-cau.toml, show: found “both”, expected 'live' or 'rehearsal'"),
        ('allowed_origins = ["tv.vn"]', "allowed_origins: found “['tv.vn']”, expected origins as https://"),
        ('proxies = ["proxy.lan"]', "proxies: found “['proxy.lan']”, expected addresses or networks, as 127.0.0.1 or"),
        ('proxies = ["10.0.0.1/8"]', "(no host bits behind the slash, no name)"),
        ('proxies = ["10.0.0.1", ""]', "expected addresses or networks"),
        ('proxies = "*"', "proxies: found “*”, expected addresses or networks"),
        ('proxies = ["0.0.0.0/0"]', "expected the proxies' own addresses; to believe everybody lets any client"),
        ('proxies = ["10.0.0.1", "::/0"]', "expected the proxies' own addresses"),
        ("port =", "diem-cau.toml: Invalid value"),
        ('lang = "fr"\nport = 70000', "(and 1 more)"),
    ],
)
def test_a_wrong_file_is_named_with_setting_value_and_what_was_expected(config: Path, text: str, message: str) -> None:
    config.write_text(text)
    with pytest.raises(SettingsError) as raised:
        load_settings(config)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_variable_is_named_as_it_is_spelt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMCAU_PORT", "eighty")
    with pytest.raises(SettingsError, match="DIEMCAU_PORT: found “eighty”, expected a valid integer"):
        load_settings()


def test_a_token_that_is_wrong_is_not_shown(config: Path) -> None:
    config.write_text("metrics_token = 123456")
    with pytest.raises(SettingsError, match="metrics_token") as raised:
        load_settings(config)
    assert "123456" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"diem-cau\.toml: No such file or directory"):
        load_settings(config)


def test_origins_come_as_a_list_or_with_commas(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('allowed_origins = ["https://TV.example.vn"]')
    assert load_settings(config).allowed_origins == ("https://tv.example.vn",)
    monkeypatch.setenv("DIEMCAU_ALLOWED_ORIGINS", "https://a.vn, http://b.vn:8080")
    assert load_settings(config).allowed_origins == ("https://a.vn", "http://b.vn:8080")


def test_an_origin_is_kept_as_browsers_send_it(config: Path) -> None:
    config.write_text(
        'allowed_origins = ["https://tv.example.vn:443", "http://điểmcầu.vn.", "http://[2001:DB8:0::1]:80"]'
    )
    kept = load_settings(config).allowed_origins
    assert kept == ("https://tv.example.vn", "http://xn--imcu-zua1656bsfa.vn", "http://[2001:db8::1]")


@pytest.mark.parametrize(
    "origin", ["null", "https://tv.vn/", "https://*.vn", "ftp://tv.vn", "https://a@tv.vn", "//tv.vn"]
)
def test_what_is_no_origin_is_named(config: Path, origin: str) -> None:
    config.write_text(f'allowed_origins = ["{origin}"]')
    with pytest.raises(SettingsError, match=r"allowed_origins: .* expected origins as https://tv\.example\.vn"):
        load_settings(config)


def test_proxies_are_none_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().proxies == ()
    monkeypatch.setenv("DIEMCAU_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8")
    assert load_settings().proxies == ("127.0.0.1/32", "10.0.0.0/8", "fd00::/8")


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_no_limit_on_sockets_means_a_share_of_the_open_files() -> None:
    assert Settings(sockets_max=7).sockets_cap == 7
    assert Settings().sockets_cap > 100


def test_a_machine_without_a_limit_on_open_files_has_one_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert Settings().sockets_cap == int(OPEN_FILES_WITHOUT_LIMIT * SOCKETS_SHARE)
