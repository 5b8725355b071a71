"""What the bench of lines calls late, and that what it measures is there to be measured."""

from tests.bench.lines import CASES, Back, Result


def test_a_screen_that_is_late_or_shows_what_it_cannot_know_is_told() -> None:
    def back(*current_s: float, kept: bool = True) -> Back:
        return Back(line="cut", away_s=10.0, current_s=current_s, within_s=4.0, kept=kept)

    assert Result(backs=(back(0.5, 3.9),)).faults == []
    assert Result(backs=(back(0.5, 4.1),)).faults == ["cut, 10 s: current after 4.1 s, not 4 s"]
    assert Result(backs=(back(0.5, kept=False),)).faults == ["cut, 10 s: the picture changed"]


def test_thin_and_lossy_lines_have_longer() -> None:
    weathers = {name: (case.weather(), case.within_s) for name, case in CASES.items()}
    assert {name for name, (weather, _) in weathers.items() if weather.loss or weather.bytes_per_s} == {
        name for name, (_, within_s) in weathers.items() if within_s == 10.0
    }
