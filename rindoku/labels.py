"""Fixed phrases of the article that mean something to the code as well."""

NOT_IN_PAPER = "論文に記載なし"
EXTRACT_LABEL = "LLM未使用・原文抜粋"
