-- Texts of all entries of the digest that were read, with their place and the text of their explanation in $language.
SELECT b.week, b.rank, b.paper_id, b.document_id, coalesce(b.title, b.nickname) AS title, t.text,
    concat_ws(' ', b.nickname, b.title, x.tldr, x.summary, (
        SELECT string_agg(concat_ws(' ', q.question, q.answer), ' ')
        FROM current_answers AS q
        WHERE q.generation_id = x.generation_id AND q.status = 'verified'
    )) AS explanation_text
FROM bound_entries AS b
JOIN raw.document_texts AS t USING (document_id)
LEFT JOIN explanations AS x ON x.document_id = b.document_id AND x.language = $language
WHERE b.digest = getvariable('digest')
ORDER BY b.week, b.rank;
