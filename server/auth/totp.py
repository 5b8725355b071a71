"""Codes of a phone (TOTP, RFC 6238): six digits of every 30 seconds, each good once."""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote

SECRET_BYTES = 20
STEP_S = 30
STEPS_EITHER_WAY = 1
"""A phone's clock may be off by this many steps."""
DIGITS = 6
ISSUER = "Điểm Cầu"


def new_secret() -> str:
    """A secret, in base32 as phones take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step, counted from the epoch."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, *, now_ms: int, after: int) -> int | None:
    """The step whose code this is; None if it is not current, or is of step ``after`` or earlier and so already
    used."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    now = now_ms // 1000 // STEP_S
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if step > after and hmac.compare_digest(code_at(secret, step), typed):
            return step
    return None


def uri(secret: str, login: str) -> str:
    """The otpauth address that a phone reads from a QR picture."""
    label = quote(f"{ISSUER}:{login}")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(ISSUER)}&digits={DIGITS}&period={STEP_S}"
