"""Contest folders made by code: a city of 30 districts, a province of communes alone, a school, the whole country."""

import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from streaming.contests.contest import shipped_contest

NAMES = Path(__file__).parent / "names"
COLUMNS = ("code", "parent", "kind", "name", "full_name", "target", "place", "name_en")
Row = tuple[str, ...]

TOML = """\
id = "{id}"
title = "{title}"
title_en = "{title_en}"
organisers = ["{organiser}"]
target_by = "completed"

[ranking]
by = "completed"
apart = {apart}

[[rounds]]
name = "Tuần 1"
name_en = "Week 1"
opens = 2022-09-08T09:30:00+07:00
closes = 2022-09-15T09:30:00+07:00

[[rounds]]
name = "Tuần 2"
name_en = "Week 2"
opens = 2022-09-15T09:30:00+07:00
closes = 2022-09-22T09:30:00+07:00
"""
PROVINCES, DISTRICTS, COMMUNES = 63, 705, 10_599
"""Of the country in 2022: 11,368 units with the country itself."""
COMMUNES_ALONE = 124
WARDS_ALONE = 7
"""As many as the largest province of after 1 July 2025 has, and as many of them are wards."""
SUBJECTS = (
    "Toán",
    "Vật lí",
    "Hóa học",
    "Sinh học",
    "Tin học",
    "Ngữ văn",
    "Lịch sử – Địa lí",
    "Tiếng Anh",
    "Tiếng Trung",
)
GRADES = (10, 11, 12)


def made(name: str, path: Path) -> Path:
    """Write the contest folder of this name at ``path``, which is made; returns it.

    Raises:
        KeyError: If there is none of this name.
    """
    head, units = MADE[name]
    path.mkdir(parents=True, exist_ok=True)
    (path / "contest.toml").write_text(TOML.format(id=name, **head), "utf-8")
    with (path / "units.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *units()])
    return path


def _city() -> Iterator[Row]:
    """Hà Nội in 2022, every ward with a target."""
    with (NAMES / "ha-noi-2022.csv").open(encoding="utf-8") as file:
        for nth, unit in enumerate(csv.DictReader(file)):
            target = str(500 + nth * 37 % 1500) if len(unit["parent"]) == len("001") else ""
            yield _place(unit["code"], unit["parent"], unit["kind"], unit["name"], target)
    yield ("HN-NT", "01", "ngoài thành phố", "Ngoài thành phố", "Người dự thi ngoài thành phố Hà Nội", "", "false",
           "Outside the city")  # fmt: skip


def _two_levels() -> Iterator[Row]:
    """A province with communes right below it, and as many of them as a screen must bear."""
    yield _place("08", "", "tỉnh", "Tuyên Giang")
    names = list(dict.fromkeys(_communes()))[:COMMUNES_ALONE]
    for nth, name in enumerate(names):
        yield _place(f"{26700 + nth}", "08", "phường" if nth < WARDS_ALONE else "xã", name)
    yield ("TG-NT", "08", "ngoài tỉnh", "Ngoài tỉnh", "Người dự thi ngoài tỉnh Tuyên Giang", "", "false",
           "Outside the province")  # fmt: skip


def _school() -> Iterator[Row]:
    """A school: nothing of it is a place but the school itself."""
    yield ("T", "", "trường", "THPT chuyên Lô Giang", "Trường Trung học phổ thông chuyên Lô Giang", "", "true",
           "Lô Giang High School for the Gifted")  # fmt: skip
    for grade in GRADES:
        yield (f"K{grade}", "T", "khối", f"Khối {grade}", f"Khối lớp {grade}", "", "false", f"Grade {grade}")
    for grade in GRADES:
        for nth, subject in enumerate(SUBJECTS, start=1):
            name = f"{grade} chuyên {subject}"
            yield (f"{grade}.{nth}", f"K{grade}", "lớp", name, f"Lớp {name}", "", "false", "")


def _country() -> Iterator[Row]:
    """As many units as the whole country has, with names as long as real ones."""
    rng = random.Random(1)
    names = list(_communes())
    yield ("VN", "", "quốc gia", "Việt Nam", "Nước Việt Nam", "", "true", "Viet Nam")
    for nth in range(PROVINCES):
        yield _place(f"P{nth:02}", "VN", "tỉnh", f"{rng.choice(names)} {nth}")
    for nth in range(DISTRICTS):
        yield _place(f"D{nth:03}", f"P{nth % PROVINCES:02}", "huyện", f"{rng.choice(names)} {nth}")
    for nth in range(COMMUNES):
        yield _place(f"{nth:05}", f"D{nth % DISTRICTS:03}", "xã", rng.choice(names))


def _communes() -> Iterator[str]:
    """Names of the shipped contest's communes, in its order."""
    with (shipped_contest() / "units.csv").open(encoding="utf-8") as file:
        for unit in csv.DictReader(file):
            if len(unit["code"]) == len("00688"):
                yield unit["name"]


def _place(code: str, parent: str, kind: str, name: str, target: str = "") -> Row:
    return (code, parent, kind, name, f"{kind.capitalize()} {name}", target, "true", "")


MADE: dict[str, tuple[dict[str, str], Callable[[], Iterator[Row]]]] = {
    "ha-noi-2022": (
        {
            "title": "Cuộc thi trực tuyến tìm hiểu về chuyển đổi số thành phố Hà Nội năm 2022",
            "title_en": "Hà Nội Digital Transformation Quiz 2022",
            "organiser": "Ban Chỉ đạo Chuyển đổi số thành phố Hà Nội",
            "apart": "true",
        },
        _city,
    ),
    "hai-cap-124": (
        {
            "title": "Cuộc thi tìm hiểu về chuyển đổi số tỉnh Tuyên Giang năm 2025",
            "title_en": "Tuyên Giang Province Digital Transformation Quiz 2025",
            "organiser": "Ban Chỉ đạo Chuyển đổi số tỉnh Tuyên Giang",
            "apart": "true",
        },
        _two_levels,
    ),
    "truong-hoc": (
        {
            "title": "Ngày hội Đọc sách trường THPT chuyên Lô Giang",
            "title_en": "Reading Day of Lô Giang High School",
            "organiser": "Ban Giám hiệu nhà trường",
            "apart": "false",
        },
        _school,
    ),
    "ca-nuoc": (
        {
            "title": "Cuộc thi trực tuyến toàn quốc tìm hiểu về chuyển đổi số năm 2022",
            "title_en": "National Digital Transformation Quiz 2022",
            "organiser": "Ban Chỉ đạo toàn quốc",
            "apart": "true",
        },
        _country,
    ),
}
"""By the contest's id: what its contest.toml says, and its units."""
