"""A small contest folder that is right, for tests to break in one place."""

from pathlib import Path

TOML = """\
id = "thu"
title = "Cuộc thi thử"
organisers = ["Sở Thông tin"]

[[rounds]]
name = "Tuần 1"
opens = 2022-09-08T09:30:00+07:00
closes = 2022-09-15T09:30:00+07:00

[[rounds]]
opens = "2022-09-15T02:30:00Z"
closes = 2022-09-22T09:30:00+07:00

[[channels]]
code = "website"
name = "Trang thi"
"""
UNITS = """\
code,parent,kind,name,full_name,target,place
02,,tỉnh,Hà Giang,Tỉnh Hà Giang,,
a,02,xã,Nấm Dẩn,Xã Nấm Dẩn,100,
b,02,xã,Pờ Ly Ngài,Xã Pờ Ly Ngài,,
NT,02,khác,Ngoài tỉnh,Ngoài tỉnh,,false
"""
GRID = '{\n"shift_parity": 0,\n"cells": {\n"a": {"q": 0, "r": 0},\n"b": {"q": 1, "r": 0}\n}}\n'


def folder(path: Path, *, toml: str = TOML, units: str = UNITS, grid: str | None = GRID) -> Path:
    path.mkdir(exist_ok=True)
    (path / "contest.toml").write_text(toml, "utf-8")
    (path / "units.csv").write_text(units, "utf-8")
    if grid is not None:
        (path / "hexgrid.json").write_text(grid, "utf-8")
    return path
