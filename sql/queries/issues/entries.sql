-- The entries of $week as the article in $language shows them: newest first, web works first within a day, then by title.
SELECT
    b.entry_id, b.rank, b.nickname, b.title, b.paper_id, b.version, b.resolved_by, b.published_on, b.updated_on, b.url,
    b.document_id, d.url AS document_url, b.grounding, b.format,
    x.generation_id, x.generation_kind, x.label, x.model, x.tldr, x.tldr_reason, x.summary, x.summary_reason
FROM bound_entries AS b
LEFT JOIN documents AS d USING (document_id)
LEFT JOIN explanations AS x ON x.document_id = b.document_id AND x.language = $language
LEFT JOIN papers AS p ON p.paper_id = b.paper_id
WHERE b.digest = getvariable('digest') AND b.week = $week
ORDER BY b.published_on DESC NULLS LAST, coalesce(p.kind, 'web') DESC, coalesce(b.title, b.nickname), b.rank;
