"""A contest folder with logos."""

from pathlib import Path

from tests.worlds.contest_folder import TOML, folder

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)  # fmt: skip
"""One pixel, seen through."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="#c00"/></svg>\n'
LOGO = '\n[[logos]]\ngroup = "Chỉ đạo"\ngroup_en = "Directed by"\nname = "Tỉnh đoàn"\nfile = "doan.svg"\n'


def with_logos(path: Path, toml: str = LOGO, svg: bytes = SVG) -> Path:
    """A small contest folder whose contest.toml goes on with this."""
    made = folder(path, toml=TOML + toml)
    (made / "logos").mkdir(exist_ok=True)
    (made / "logos" / "doan.svg").write_bytes(svg)
    (made / "logos" / "bao.png").write_bytes(PNG)
    return made
