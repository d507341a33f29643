"""Names of persons: recognising, writing and comparing them."""

import re
import unicodedata

_MOST_CHARACTERS = 45
_PARTICLES = re.compile(
    r"van|von|der|den|de|del|della|di|da|dos|du|la|le|bin|ibn|al|el|ben|ter|ten|zu|"
    r"zur|af|av|y|e|st"
)
_NAME_WORD = re.compile(r"[\"“(']?[^\W\d_][\w.'’\-]*[\"”)']?")
_QUOTES = "\"“”'()"
_INSTITUTIONS = (
    r"universit\w*|instit\w*|college|school|academy|laborator\w*|labs?|research|inc|"
    r"corp\w*|ltd|gmbh|company|group|team|center|centre|department|dept|faculty|"
    r"foundation|mellon|berkeley|stanford|mit|uc|eth|kaist"
)
_COMPANIES = (
    r"google|deepmind|microsoft|meta|nvidia|openai|apple|amazon|adobe|intel|ibm|"
    r"tencent|alibaba|bytedance|baidu|huawei|samsung"
)
_PLACES = r"california|washington|hong|kong|china|usa|germany|angeles|francisco"
_FIELDS = (
    r"technolog\w*|engineering|sciences?|computer|computing|robotics?|intelligence|"
    r"artificial|ai|language|large|vision|visual|neural|images?|text|training|"
    r"evaluation|open|source|learn\w*|generation|benchmark|leaderboard|tasks?|"
    r"reasoning|multimodal|mathematical"
)
_PAGE_WORDS = (
    r"papers?|arxiv|code|data|datasets?|demo|videos?|models?|project|home|website|"
    r"github|hugging|face|supplementary|material|appendix|slides|poster|talk|blog|"
    r"news|contact|twitter|colab|quick|start|more|view|read|download|about|get|"
    r"started|sign|log|search|share|menu|skip|privacy|policy|terms|copyright"
)
_PAPER_WORDS = (
    r"abstract|introduction|methods?|results|overview|citation|bibtex|acknowledge\w*|"
    r"references|related|works?|equal|equally|contribution\w*|correspond\w*|advis\w*|"
    r"authors?|intern|core|contributors?|lead|track|conference|workshop|proceedings|"
    r"journal|oral|spotlight|award|section|figure|table|neurips|iclr|icml|cvpr|iccv|"
    r"eccv|siggraph|acl|emnlp|naacl"
)
_FUNCTION_WORDS = (
    r"the|of|for|with|and|in|on|from|to|at|by|via|using|beyond|how|what|why|when|"
    r"this|these|we|our|january|february|july|september|october|november|december"
)
# April, May, June and August are left out of the months: they are names as well.
_NOT_IN_NAMES = re.compile(
    rf"{_INSTITUTIONS}|{_COMPANIES}|{_PLACES}|{_FIELDS}|{_PAGE_WORDS}|{_PAPER_WORDS}|"
    rf"{_FUNCTION_WORDS}",
    re.IGNORECASE,
)


def is_name(text: str) -> bool:
    """Whether a text looks like the name of a person.

    Two to five words, capitalised except for particles, none of them usual in names of
    institutions, buttons or sections.
    """
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > _MOST_CHARACTERS:
        return False
    if not all(_can_be_in_name(word) for word in words):
        return False
    plain = [word.strip(_QUOTES) for word in words]
    has_full_word = any(len(word.strip(".")) > 1 for word in plain)
    return has_full_word and _is_capitalised(plain[-1])


def _can_be_in_name(word: str) -> bool:
    if not _NAME_WORD.fullmatch(word) or any(c.isdigit() for c in word):
        return False
    word = word.strip(_QUOTES)
    if _NOT_IN_NAMES.fullmatch(word.strip(".")):
        return False
    return _is_capitalised(word) or _is_particle(word)


def _is_capitalised(word: str) -> bool:
    # Letters of scripts without case count as capitals.
    return word[0].isalpha() and not word[0].islower()


def _is_particle(word: str) -> bool:
    return _PARTICLES.fullmatch(word.lower()) is not None


def first_name_first(name: str) -> str:
    """`Braun, Ada` as `Ada Braun`; any other name as it is."""
    last, _, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if first.strip() else name


def surname_key(name: str) -> str:
    """The last word of a name, without accents and case, to compare spellings."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    words = plain.casefold().replace("-", " ").split()
    return words[-1] if words else ""
