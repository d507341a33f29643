"""What can be watched on X: an account, a List, or a search."""

import re
from dataclasses import dataclass
from typing import Literal

HOW_TO_WATCH = (
    "Write an account (dair_ai), list:ID with the List's number, or search:QUERY."
)
_ACCOUNT = re.compile(r"@?([A-Za-z0-9_]{1,15})")
_LIST = re.compile(r"list:([0-9]{1,20})")
_SEARCH = "search:"
# Some write queries in Japanese with it; the other white space is a space.
_WIDE_SPACE = "\u3000"


@dataclass(frozen=True)
class Watch:
    """What is watched: an account such as `dair_ai`, `list:ID` or `search:QUERY`."""

    kind: Literal["account", "list", "search"]
    value: str

    @property
    def name(self) -> str:
        """The same for all ways to write it, as X ignores case in accounts."""
        if self.kind == "account":
            return self.value.lower()
        return f"{self.kind}:{self.value}"


def parse_watch(text: str) -> Watch | None:
    """The account, List or search that a text names; None when it names none."""
    account, numbered = _ACCOUNT.fullmatch(text), _LIST.fullmatch(text)
    if account:
        return Watch("account", account[1])
    if numbered:
        return Watch("list", numbered[1])
    query = text.removeprefix(_SEARCH).strip()
    is_line = query.replace(_WIDE_SPACE, " ").isprintable()
    if text.startswith(_SEARCH) and query and is_line:
        return Watch("search", query)
    return None
