"""Keys by content: the same thing has the same key wherever and whenever it is seen."""

import hashlib
import json


def content_key(*parts: object) -> str:
    """`b2:` and the hash of `parts`; the tag says which hash, so that another may follow one day."""
    text = json.dumps(
        parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return "b2:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def sha256_key(*parts: str | bytes) -> str:
    """`sha256:` and the hash of `parts`, each preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return "sha256:" + digest.hexdigest()
