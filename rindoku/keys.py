"""Content keys: equal content always has an equal key."""

import hashlib
import json


def content_key(*parts: object) -> str:
    """`b2:` and a hash of `parts` as JSON.

    The prefix names the hash function, so that it can be replaced later.
    """
    text = json.dumps(
        parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return "b2:" + hashlib.blake2b(_encode(text), digest_size=16).hexdigest()


def sha256_key(*parts: str | bytes) -> str:
    """`sha256:` and the hash of `parts`, each preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else _encode(part)
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return "sha256:" + digest.hexdigest()


def _encode(text: str) -> bytes:
    # Half a surrogate pair, which JSON can contain, has no UTF-8.
    return text.encode("utf-8", "replace")
