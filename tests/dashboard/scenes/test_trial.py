"""The trial of a theme's scenes: a good one is taken, and one that never ends ends with its process."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from dashboard.edition import Editions
from dashboard.scenes import own, trial
from dashboard.scenes.scenes import BY_NAME, scenes_of
from streaming.contests.contest import ContestFolder, load_contest
from tests.worlds.contest_folder import folder

GOOD = """\
<p class="lead">{{ say("total") }}: {{ number("completed", of=root) }}</p>
{{ rows(of=root, by=by, limit=3) }}
{% if has_map %}<figure>
{{ map(of=root, by="completed", steps=settings.steps) }}{{ legend(of=root, by="completed", steps=settings.steps) }}
</figure>{% endif %}
{{ picture("edge.svg") }}
"""


def themed(path: Path, **scenes: str) -> ContestFolder:
    (path / "theme" / "scenes").mkdir(parents=True)
    (path / "theme" / "theme.css").write_text(".own { color: red; }")
    (path / "theme" / "edge.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    for name, source in scenes.items():
        (path / "theme" / "scenes" / f"{name}.html").write_text(source)
    return load_contest(folder(path))


def test_scenes_are_tried_one_by_one(tmp_path: Path) -> None:
    found = trial.faults(
        themed(
            tmp_path,
            live=GOOD,
            latest="<script></script>",
            standings="{% set scene_title = title %}",
            trend="{{ rows(of='no such unit', by=by) }}",
            added="x",
        )
    )
    assert found["live"] == ""
    assert found["latest"].startswith("theme/scenes/latest.html, row 1: expected plain elements, not <script>")
    assert found["trend"].startswith(
        "theme/scenes/trend.html: expected what can be painted (TemplateError: rows(): KeyError"
    )
    assert found["standings"].startswith("theme/scenes/standings.html, row 1: expected scene_title set once")
    assert found["added"] == ""


def test_a_folder_without_scenes_begins_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    assert trial.faults(themed(tmp_path)) == {}


def test_one_that_spins_is_ended_by_its_own_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spinning = tmp_path / "spinning.py"
    spinning.write_text(
        "import sys\n"
        "from dashboard.scenes import own, trial\n"
        "def compiled(name, source):\n"
        "    while True: pass\n"
        "trial.compiled = compiled\n"
        "trial.SCENE_S = 0.2\n"
        "trial.main()\n"
    )
    monkeypatch.setattr(
        trial, "COMMAND", ("-c", f"import sys; sys.path.insert(0, '.'); exec(open({str(spinning)!r}).read())")
    )
    assert trial.faults(themed(tmp_path, live="x")) == {
        "live": "theme/scenes/live.html: expected to be painted within 2 s"
    }


def test_without_a_process_no_scene_of_its_own_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError("not allowed")

    monkeypatch.setattr("subprocess.Popen", refused)
    fault = "theme/scenes/live.html: expected a trial, which could not begin (not allowed)"
    assert trial.faults(themed(tmp_path, live=GOOD)) == {"live": fault}


def test_one_that_takes_for_ever_is_killed_and_the_others_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = themed(tmp_path, latest="a", live="b", trend="c")
    stuck = tmp_path / "stuck.py"
    stuck.write_text(
        "import json, sys, time\n"
        "print('ready', flush=True)\n"
        "for name in json.load(sys.stdin):\n"
        "    time.sleep(60 if name == 'live' else 0)\n"
        "    print('', flush=True)\n"
    )
    monkeypatch.setattr(trial, "COMMAND", (str(stuck),))
    monkeypatch.setattr(trial, "SCENE_WAIT_S", 0.5)
    assert trial.faults(loaded) == {
        "latest": "",
        "live": "theme/scenes/live.html: expected to be painted within 2 s",
        "trend": "",
    }


def test_a_scene_is_painted_by_the_contests_own_template(tmp_path: Path) -> None:
    loaded = themed(tmp_path, live=GOOD)
    editions = Editions(loaded, "x")
    scene, edition = BY_NAME["live"], editions.of("vi")
    cut = trial.sample(edition, 137)
    shipped = scene.paint(scene.chosen(scene.settings(), cut), cut)
    editions.accept("live", own.compiled("live", GOOD))
    painted = scene.paint(scene.chosen(scene.settings(), cut), cut, take="t1")
    assert '<p class="lead">Tổng số lượt thi: <span' in painted
    assert 'data-name="live"' in painted
    assert 'data-take="t1"' in painted
    assert f'<img src="/theme/{loaded.theme.digest}/edge.svg" alt="">' in painted
    assert painted != shipped


@pytest.mark.parametrize(
    ("fails", "fault"),
    [
        ("{{ picture('no.svg') }}", "the theme has no picture"),
        ("{{ picture('theme.css') }}", "the theme has no picture"),
        ("{{ picture('../units.csv') }}", "the theme has no picture"),
        ("{{ say('no such text') }}", "KeyError"),
        ("{{ number('no such column', of=root) }}", "KeyError"),
        ("{{ rows(of=root, by=by, limit='x') }}", "TypeError"),
    ],
)
def test_one_that_fails_with_some_numbers_gives_way_to_ours_for_good(tmp_path: Path, fails: str, fault: str) -> None:
    editions = Editions(themed(tmp_path), "x")
    scene, edition = BY_NAME["live"], editions.of("vi")
    cut = trial.sample(edition, 0)
    settings = scene.chosen(scene.settings(), cut)
    shipped = scene.paint(settings, cut)
    editions.accept("live", own.compiled("live", fails))
    with capture_logs() as told:
        assert scene.paint(settings, cut) == shipped
    assert "live" not in edition.own
    assert [fault in line["fault"] for line in told] == [True]


def test_a_scene_may_be_added_and_stands_by_until_it_was_tried(tmp_path: Path) -> None:
    loaded = themed(tmp_path, live=GOOD, vong_loai="<p class='own'>{{ number('completed', of=root) }}</p>")
    editions = Editions(loaded, "x")
    edition, added = editions.of("vi"), scenes_of(loaded)["vong_loai"]
    assert list(scenes_of(loaded)) == [*BY_NAME, "vong_loai"]
    assert added.title(edition) == "Vong loai"
    cut = trial.sample(edition, 137)
    assert 'data-name="vong_loai"' in added.paint(added.settings(), cut)
    assert 'class="scene backdrop"' in added.paint(added.settings(), cut)
    editions.accept("vong_loai", own.compiled("vong_loai", loaded.theme.files["scenes/vong_loai.html"].decode()))
    assert "<p class='own'><span" in added.paint(added.settings(), cut)
    assert added.title(edition) == "Vong loai"


def test_a_scene_is_called_as_its_template_says_also_once_that_has_failed(tmp_path: Path) -> None:
    source = '{% set scene_title = "Vòng loại" %}{{ picture("no.svg") }}'
    loaded = themed(tmp_path, vong_loai=source)
    editions = Editions(loaded, "x")
    editions.accept("vong_loai", own.compiled("vong_loai", source))
    editions.accept("live", own.compiled("live", f'{source}{{% set scene_title_en = "Qualifying" %}}'))
    for lang, titles in {"vi": ("Vòng loại", "Vòng loại"), "en": ("Vòng loại", "Qualifying")}.items():
        edition = editions.of(lang)
        added = scenes_of(loaded)["vong_loai"]
        added.paint(added.settings(), trial.sample(edition, 137))
        assert "vong_loai" not in edition.own
        assert (added.title(edition), BY_NAME["live"].title(edition)) == titles
        assert BY_NAME["latest"].title(edition) == edition.words.say("scene_latest")
