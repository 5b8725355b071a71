"""Every setting: its unit, default, limits and what it is for."""

import os
import resource
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from server.errors import SettingsError
from server.web.host_names import in_ascii, name_of
from server.web.origins import written_origin
from streaming.contests.contest import shipped_contest
from streaming.contests.text import did_you_mean
from streaming.errors import shown

PREFIX = "DIEMCAU_"
SOCKETS_SHARE = 0.8
"""Share of the open-file limit that sockets may take; the rest is for the ledger, sources and pages."""
ADDRESS_SHARE = 0.1
"""Share of the open-file limit that the connections of one address may take, its open screens apart."""
CONNECTIONS_PER_ADDRESS_MAX = 2_000
"""As many as there may be screens behind one address: all of a hall may come back in the same second."""
OPEN_FILES_WITHOUT_LIMIT = 1_048_576
"""What "unlimited" is taken for; RLIM_INFINITY is a negative number here."""


class Settings(BaseSettings):
    """What an operator may set: by command line, else by environment (DIEMCAU_PORT=…), else by the TOML file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on; 0.0.0.0 lets other machines reach the server.",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names by which the server is reached, as so-lieu.example.vn, the first for links; any other name "
        "with a dot but the machine's own is refused. Separated by commas in the environment.",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 lets the system choose one.")
    data: Path = Field(default=Path("data"), description="Data folder: ledgers, sources, the person digest key.")
    contest: Path = Field(
        default_factory=shipped_contest, description="Contest folder; the shipped one is Hà Giang 2022."
    )
    show: Literal["live", "rehearsal"] = Field(
        default="live", description="Which store the screens follow; rehearsal is marked on every screen."
    )
    lang: Literal["vi", "en"] = Field(default="vi", description="Language of a screen that asks for none.")
    tick_ms: int = Field(default=200, ge=50, le=5_000, description="At most one frame in this time leaves each topic.")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins besides the server's own whose pages may open sockets and read topics, as "
        "https://tv.example.vn; separated by commas in the environment.",
    )
    proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, as "
        "127.0.0.1 or 10.0.0.0/8; separated by commas in the environment.",
    )
    body_bytes_max: int = Field(
        default=4 * 1024 * 1024,
        ge=1024,
        le=64 * 1024 * 1024,
        description="Largest body that a source may send; more is 413.",
    )
    items_max: int = Field(
        default=10_000, ge=1, le=100_000, description="Most participations in one body; more is 413 and none is stored."
    )
    rows_per_s: int = Field(
        default=20_000,
        ge=1,
        le=1_000_000,
        description="Participations a second from one source; more is 429, come back later.",
    )
    rows_queued_max: int = Field(
        default=20_000,
        ge=1_000,
        le=1_000_000,
        description="Rows that may wait for the disk; more is 429, come back later.",
    )
    picture_bytes_max: int = Field(
        default=16 * 1024 * 1024,
        ge=1024,
        le=64 * 1024 * 1024,
        description="Largest file that an operator may upload as a picture; more is 413.",
    )
    pictures_max: int = Field(
        default=100, ge=1, le=1_000, description="Pictures that are kept; one more is refused until another is removed."
    )
    pictures_bytes_max: int = Field(
        default=128 * 1024 * 1024,
        ge=1024 * 1024,
        le=1024 * 1024 * 1024,
        description="Bytes of all pictures that are kept, as they are after being encoded anew.",
    )
    sockets_max: int = Field(
        default=0, ge=0, le=1_000_000, description="Open screens in all; 0 means 80 % of the open-file limit."
    )
    sockets_per_address_max: int = Field(
        default=2_000, ge=1, le=1_000_000, description="Open screens of one address; many points may sit behind one."
    )
    connections_per_address_max: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Connections of one address, open screens and known clients apart; one more ends the oldest. "
        "0 means 10 % of the open-file limit, at most 2000.",
    )
    handshakes_per_s: int = Field(
        default=500, ge=1, le=100_000, description="New screens a second; those beyond it are told to come back."
    )
    metrics_token: str = Field(
        default="",
        description="With `Authorization: Bearer TOKEN` /metrics answers other machines too; empty: loopback alone.",
    )
    stop_within_s: int = Field(
        default=10, ge=1, le=120, description="After SIGTERM: how long requests and screens have to end by themselves."
    )

    @field_validator("allowed_origins", "proxies", "hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        origins = [written_origin(each) for each in value]
        if None in origins:
            raise ValueError("origins as https://tv.example.vn, without a path")
        return tuple(map(str, origins))

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        written = tuple(in_ascii(each) for each in value)
        if any(name_of(each) is None for each in written):
            raise ValueError("names as so-lieu.example.vn or so-lieu.example.vn:8443, without https:// and path")
        return written

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        try:
            networks = [ip_network(each) for each in value]
        except ValueError:
            expected = "addresses or networks, as 127.0.0.1 or 10.0.0.0/8 (no host bits behind the slash, no name)"
            raise ValueError(expected) from None
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("the proxies' own addresses; to believe everybody lets any client choose its address")
        return tuple(map(str, networks))

    @property
    def sockets_cap(self) -> int:
        """``sockets_max``, or what 0 stands for on this machine."""
        return self.sockets_max or int(open_files_max() * SOCKETS_SHARE)

    @property
    def connections_per_address_cap(self) -> int:
        """``connections_per_address_max``, or what 0 stands for on this machine."""
        share = max(1, int(open_files_max() * ADDRESS_SHARE))
        return self.connections_per_address_max or min(share, CONNECTIONS_PER_ADDRESS_MAX)


def open_files_max() -> int:
    """The open-file limit of this process; OPEN_FILES_WITHOUT_LIMIT where it has none."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return OPEN_FILES_WITHOUT_LIMIT if files == resource.RLIM_INFINITY else files


def load_settings(config: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Settings:
    """The settings: ``overrides`` (the command line's; None counts as not given) before environment before file.

    Raises:
        SettingsError: Naming where, which setting, what was found and what was expected.
    """
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    from_file = {} if config is None else _read(config)
    kept = {key: value for key, value in from_file.items() if not os.environ.get(PREFIX + key.upper())}
    try:
        return Settings(**{**kept, **given})
    except ValidationError as error:
        raise _settings_error(error, config, kept.keys() - given.keys(), given) from None


def _read(config: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{config}: {error.strerror}, expected a TOML file of settings") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{config}: {error}, expected TOML in UTF-8") from None
    for key in table:
        if key not in Settings.model_fields:
            near = did_you_mean(key, Settings.model_fields)
            raise SettingsError(f"{config}: there is no setting {shown(key)}{near}")
    return table


def _settings_error(
    error: ValidationError, config: Path | None, in_file: set[str], given: Mapping[str, Any]
) -> SettingsError:
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0]) if fault["loc"] else "settings"
    if name in given:
        where = f"--{name}"
    elif name in in_file:
        where = f"{config}, {name}"
    else:
        where = PREFIX + name.upper()
    expected = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    found = "" if name == "metrics_token" else f"found {shown(fault['input'])}, "
    rest = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return SettingsError(f"{where}: {found}expected {expected}{rest}")
