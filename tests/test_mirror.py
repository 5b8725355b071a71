"""The mirror: every module has a test of its name in the mirrored place, or stands here beside the one that covers it.

The test of ``server/live/hub.py`` is ``tests/server/live/test_hub.py``, and ``test_hub_….py`` beside it.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.suite import ROOT

PACKAGES = ("streaming", "server", "dashboard")

COVERED = {
    # streaming
    "streaming/fold/test_fold.py": (
        "streaming/audit/recount streaming/audit/walk streaming/contests/rounds streaming/decisions/gate "
        "streaming/fold/tally"
    ),
    "streaming/fold/test_people.py": "streaming/fold/entry",
    "streaming/contests/test_contest.py": "streaming/contests/rule_book streaming/contests/text",
    "streaming/decisions/test_kinds.py": "streaming/decisions/action streaming/decisions/decision",
    "streaming/decisions/test_decisions.py": (
        "streaming/decisions/contest streaming/decisions/delay "
        "streaming/decisions/holds streaming/decisions/latest streaming/decisions/milestones "
        "streaming/decisions/quarantine streaming/decisions/schedules "
        "streaming/decisions/sentence streaming/decisions/standing streaming/decisions/timetable "
        "streaming/decisions/voids"
    ),
    "streaming/intake/test_intake.py": "streaming/intake/persons",
    "streaming/intake/test_large.py": "streaming/intake/quick streaming/intake/splitting",
    "streaming/intake/test_turns.py": "streaming/intake/checking",
    "streaming/ledger/test_place.py": "streaming/ledger/reader",
    "streaming/ledger/test_ledger.py": "streaming/ledger/rows streaming/ledger/tables",
    "streaming/ledger/test_sqlite_storage.py": "streaming/ledger/storage",
    "streaming/rules/test_watchdog.py": (
        "streaming/rules/paces streaming/rules/person_rate streaming/rules/population streaming/rules/rejects "
        "streaming/rules/rule streaming/rules/source_pace streaming/rules/unit_pace"
    ),
    "streaming/program/test_steering.py": (
        "streaming/program/action streaming/program/errors streaming/program/hands streaming/program/names "
        "streaming/program/numbers streaming/program/on_air streaming/program/output streaming/program/state "
        "streaming/program/takes"
    ),
    "streaming/program/test_evening.py": "streaming/program/running",
    "server/routes/api/test_overlays.py": (
        "server/control/asked_overlays server/control/overlay_boxes server/control/overlay_data"
    ),
    "dashboard/overlays/test_overlay.py": (
        "dashboard/overlays/bug dashboard/overlays/countdown dashboard/overlays/launch dashboard/overlays/lower_third "
        "dashboard/overlays/map dashboard/overlays/milestone dashboard/overlays/overlays dashboard/overlays/qr "
        "dashboard/overlays/sheets dashboard/overlays/standings dashboard/overlays/ticker dashboard/overlays/total "
        "dashboard/pages/overlay"
    ),
    "dashboard/overlays/test_themes.py": "dashboard/overlays/look",
    "streaming/program/test_program.py": "streaming/program/told",
    "streaming/program/test_points.py": "server/control/aired_points",
    "streaming/points/test_roll_call.py": (
        "streaming/points/actions streaming/points/errors streaming/points/told streaming/points/topics"
    ),
    "server/routes/api/test_points.py": "server/routes/api/point_lists",
    "streaming/points/test_screens.py": "streaming/points/listed streaming/points/screen",
    "server/routes/api/test_screens.py": (
        "server/control/screen_addresses server/control/screens server/folder/kept_screens "
        "server/routes/pages/registry server/routes/reports"
    ),
    "dashboard/scenes/test_connected.py": "dashboard/parts/roll",
    "browser/test_points.py": "dashboard/pages/points server/routes/pages/points",
    "server/routes/pages/test_stage.py": (
        "dashboard/pages/button dashboard/pages/stage server/auth/passes server/control/asked_button "
        "server/routes/pages/button"
    ),
    "streaming/topics/test_history.py": "streaming/topics/moves",
    "streaming/topics/test_topics.py": "streaming/topics/board streaming/topics/numbers streaming/topics/operators",
    "streaming/topics/test_topic.py": "streaming/topics/frames",
    "streaming/test_participation.py": "streaming/characters",
    # server
    "server/auth/test_accounts.py": "server/auth/links server/auth/tables",
    "server/auth/test_sign_in.py": "server/auth/sign_in_log server/routes/pages/sign_in",
    "server/auth/test_sources.py": "server/commands/source",
    "server/auth/test_keys.py": "server/commands/key",
    "server/auth/test_roles.py": "server/auth/topic_rights",
    "server/routes/pages/test_point_doors.py": "dashboard/pages/point_door",
    "server/routes/pages/test_point_sheet.py": "dashboard/pages/point_sheet",
    "server/commands/test_audit.py": "streaming/audit/claims",
    "server/commands/test_rehearse.py": "server/commands/delivery",
    "server/commands/test_demo.py": "server/commands/traffic",
    "server/commands/test_serve.py": "server/net/listening server/ops/terminal server/state",
    "server/control/test_outputs.py": "server/control/by_itself server/control/store_cuts",
    "server/routes/api/test_outputs.py": "server/control/asked server/control/asking",
    "server/routes/api/test_rundown.py": "server/control/asked_evening server/control/choosing server/control/rundowns",
    "server/control/test_desk.py": "server/control/actions",
    "server/control/test_watch.py": "server/control/alarms server/control/silence server/control/watched_sources",
    "server/folder/test_belonging.py": ("server/commands/lost server/folder/checkpoints server/folder/marks"),
    "server/live/test_hub.py": "server/live/audience server/live/handshakes",
    "server/middleware/test_preflight.py": "server/web/conditional",
    "server/middleware/test_hosts.py": "server/web/host_names",
    "server/net/test_http1.py": "server/net/heads",
    "server/ops/test_backup.py": "server/commands/backup server/commands/restore server/ops/restore server/ops/revived",
    "server/ops/test_doctor.py": "server/commands/check",
    "server/routes/api/test_decisions.py": "server/web/forms",
    "server/routes/api/test_effect.py": "streaming/effect",
    "server/routes/api/test_pictures.py": (
        "server/folder/kept_pictures server/routes/pages/pictures server/routes/pages/sheet "
        "server/routes/pictures dashboard/pages/sheet"
    ),
    "server/routes/api/test_straps.py": (
        "server/control/straps server/folder/kept_straps server/routes/api/strap_files server/routes/pages/straps"
    ),
    "dashboard/exports/test_strap_xlsx.py": "dashboard/exports/strap_rows",
    "dashboard/exports/test_rundown_xlsx.py": "dashboard/exports/columns dashboard/exports/rundown_rows",
    "server/routes/api/test_openapi.py": (
        "server/routes/api/openapi_feeds server/routes/api/openapi_files server/routes/api/openapi_overlays "
        "server/routes/api/openapi_points server/routes/api/openapi_screens server/routes/api/operation "
        "server/web/paths"
    ),
    "server/routes/api/test_feeds.py": "dashboard/exports/feeds",
    "server/routes/api/test_checks.py": "server/routes/pages/checks streaming/program/ticks",
    "server/routes/api/test_shown.py": "dashboard/pages/shown server/routes/pages/shown",
    "server/control/test_shown_log.py": "server/folder/kept_shown streaming/program/shown",
    "server/routes/api/test_participations.py": "server/web/rates streaming/intake/media_type",
    "server/routes/api/test_standings.py": "server/routes/api/units",
    "server/routes/pages/test_control.py": "server/routes/api/entries server/routes/pages/room",
    "server/routes/pages/test_screens.py": "dashboard/templates server/routes/language server/web/render",
    "server/test_app.py": "server/middleware/edge server/routes/health server/routes/static server/web/error_page",
    "server/test_cli.py": "server/commands/options",
    "server/web/test_pages.py": "server/web/allowance server/web/workshop",
    "server/web/test_problems.py": "server/errors streaming/errors",
    # dashboard
    "dashboard/test_pages.py": (
        "dashboard/charts dashboard/edition dashboard/page dashboard/pages/ahead dashboard/pages/hall"
    ),
    "dashboard/parts/test_map.py": "dashboard/map/legend dashboard/parts/legend dashboard/parts/light",
    "dashboard/parts/test_part.py": (
        "dashboard/parts/below dashboard/parts/countdown dashboard/parts/facts dashboard/parts/gauge "
        "dashboard/parts/milestone dashboard/parts/number dashboard/parts/parts "
        "dashboard/parts/recent dashboard/parts/rows dashboard/parts/split dashboard/parts/text dashboard/parts/trend"
    ),
    "dashboard/parts/test_ladder.py": "dashboard/parts/place dashboard/parts/siblings",
    "dashboard/scenes/test_scene.py": (
        "dashboard/scenes/backdrop dashboard/scenes/groups dashboard/scenes/latest dashboard/scenes/launch "
        "dashboard/scenes/lineup "
        "dashboard/scenes/live dashboard/scenes/picture dashboard/scenes/scenes dashboard/scenes/solemn "
        "dashboard/scenes/standby dashboard/scenes/standings dashboard/scenes/trend dashboard/scenes/units"
    ),
    "dashboard/scenes/test_qr.py": "dashboard/qr",
    "dashboard/test_static.py": "dashboard/inline dashboard/screens",
    "dashboard/map/test_hexmap.py": (
        "dashboard/map/atlas dashboard/map/labels dashboard/map/lattice dashboard/map/layout dashboard/map/on_map "
        "dashboard/map/packing dashboard/words/widths"
    ),
    "dashboard/map/test_atlases.py": "dashboard/map/drawing",
    "dashboard/map/test_boundary_atlas.py": "dashboard/map/lands",
    "dashboard/map/test_inscriptions.py": "dashboard/map/names",
    "dashboard/theme/test_template.py": "dashboard/theme/grammar dashboard/theme/markup",
    "dashboard/scenes/test_trial.py": "dashboard/scenes/own",
    "dashboard/words/test_words.py": "dashboard/words/spoken",
    "server/routes/pages/test_accounts.py": "dashboard/pages/accounts",
    "streaming/contests/test_boundaries.py": "streaming/contests/topojson",
    "streaming/topics/test_state.py": "server/control/watch_state",
    # what several modules promise together
    "promises/test_made.py": "dashboard/made",
    "promises/test_power.py": "server/ops/deadline",
    "promises/test_unknown_senders.py": "server/auth/checks",
    "bench/test_bench.py": "server/commands/bench",
    "test_no_skips.py": "server/commands/suite",
}
"""Tests below ``tests/``, each with the modules that it covers though it has another name or stands elsewhere."""


def modules(root: Path) -> set[str]:
    """Every module by its path; a package's own file only says what it is, and a migration is run by every start."""
    found = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return {
        path.relative_to(root).with_suffix("").as_posix()
        for path in found
        if path.name != "__init__.py" and "migrations" not in path.parts
    }


def has_test(module: str, root: Path) -> bool:
    """Whether there is a test of the module's name in the mirrored place."""
    place, name = (root / "tests" / module).parent, Path(module).name
    return (place / f"test_{name}.py").exists() or any(place.glob(f"test_{name}_*.py"))


def faults(covered: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """What is missing in the mirror, and what stands in the table for nothing."""
    there = modules(root)
    listed = Counter(module for covering in covered.values() for module in covering.split())
    return [
        *(f"{each}: no test of its name" for each in sorted(there - listed.keys()) if not has_test(each, root)),
        *(f"{each}: covered, but there is no such module" for each in sorted(listed.keys() - there)),
        *(f"{each}: covered, but it has a test of its name" for each in sorted(listed) if has_test(each, root)),
        *(f"{each}: covered twice" for each, count in sorted(listed.items()) if count > 1),
        *(f"tests/{each}: it covers, but is gone" for each in covered if not (root / "tests" / each).exists()),
    ]


def test_every_module_has_its_test() -> None:
    assert faults(COVERED) == []


def test_the_table_cannot_rot(tmp_path: Path) -> None:
    for name in (
        "server/a.py", "server/b.py", "server/c.py", "server/__init__.py", "server/migrations/0001_x.py",
        "tests/server/test_a.py", "tests/server/test_b_of_a_kind.py", "tests/promises/test_p.py",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert faults({}, tmp_path) == ["server/c: no test of its name"]
    assert faults({"promises/test_p.py": "server/c"}, tmp_path) == []
    assert faults({"promises/test_p.py": "server/c server/b", "promises/test_q.py": "server/c server/d"}, tmp_path) == [
        "server/d: covered, but there is no such module",
        "server/b: covered, but it has a test of its name",
        "server/c: covered twice",
        "tests/promises/test_q.py: it covers, but is gone",
    ]
