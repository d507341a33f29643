-- What counts now: for each thing the row that no later or better one supersedes.

CREATE OR REPLACE VIEW current_sightings AS
SELECT * FROM sightings
QUALIFY row_number() OVER (
    PARTITION BY week
    ORDER BY CASE source WHEN 'file' THEN 1 WHEN 'x' THEN 2 ELSE 3 END, observed_at DESC, sighting_id
) = 1;
COMMENT ON VIEW current_sightings IS 'For each week the sighting that counts: a file given by hand, then X, then the twin; the newest of those.';

CREATE OR REPLACE VIEW current_resolutions AS
SELECT * FROM resolutions
QUALIFY row_number() OVER (
    PARTITION BY entry_id ORDER BY resolved_at DESC, paper_id IS NULL, confidence DESC, resolution_id
) = 1;
COMMENT ON VIEW current_resolutions IS 'For each entry its newest resolution.';

CREATE OR REPLACE VIEW current_documents AS
SELECT * FROM documents
QUALIFY row_number() OVER (PARTITION BY paper_id, version ORDER BY read_at DESC, document_id) = 1;
COMMENT ON VIEW current_documents IS 'For each version of a paper the text read last.';

CREATE OR REPLACE VIEW current_generations AS
SELECT g.*
FROM generations AS g
JOIN summaries AS s USING (generation_id)
WHERE g.status = 'good' AND g.kind IN ('explain', 'extract')
QUALIFY row_number() OVER (
    PARTITION BY g.document_id, g.language ORDER BY g.kind = 'extract', g.generated_at DESC, g.generation_id
) = 1;
COMMENT ON VIEW current_generations IS 'For each document and language the newest explanation that was verified and saved; a model''s before an extract.';

CREATE OR REPLACE VIEW current_answers AS
SELECT q.* REPLACE (coalesce(a.status, q.status) AS status, coalesce(a.reason, q.reason) AS reason)
FROM questions AS q
LEFT JOIN (
    SELECT * FROM audits QUALIFY row_number() OVER (PARTITION BY question_id ORDER BY audited_at DESC) = 1
) AS a USING (question_id);
COMMENT ON VIEW current_answers IS 'Questions with what the newest verification made of their answers: an audit''s word, where there is one, before the first.';

CREATE OR REPLACE VIEW week_entries AS
SELECT
    s.week, s.starts_on, s.ends_on, s.source, s.sighting_id, s.heading,
    e.entry_id, e.rank, e.title AS nickname,
    r.paper_id, r.version, r.method, r.confidence, r.evidence AS resolved_by,
    p.title, p.authors_complete, p.published_on, p.updated_on, p.url,
    d.document_id, d.grounding, d.format, d.note AS document_note,
    g.generation_id, g.label, g.model, g.kind AS generation_kind,
    CASE WHEN m.tldr_reason IS NULL THEN m.tldr END AS tldr,
    CASE WHEN m.summary_reason IS NULL THEN m.summary END AS summary,
    m.tldr_reason, m.summary_reason
FROM current_sightings AS s
JOIN entries AS e USING (sighting_id)
LEFT JOIN current_resolutions AS r USING (entry_id)
LEFT JOIN paper_versions AS p ON p.paper_id = r.paper_id AND p.version = r.version
LEFT JOIN current_documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
LEFT JOIN current_generations AS g ON g.document_id = d.document_id
LEFT JOIN summaries AS m ON m.generation_id = g.generation_id;
COMMENT ON VIEW week_entries IS 'One row for each entry of each week, with everything it came to: paper, document, explanation.';

CREATE OR REPLACE VIEW answers AS
SELECT
    w.week, w.rank, w.paper_id, w.title, q.position, q.question, q.answer, q.status, q.repaired, q.reason,
    list({quote: v.quote, section: v.section, page: v.page, start_char: v.start_char, end_char: v.end_char}
         ORDER BY v.position) FILTER (v.quote IS NOT NULL) AS quotes,
    q.question_id, w.generation_id
FROM week_entries AS w
JOIN current_answers AS q USING (generation_id)
LEFT JOIN evidence AS v USING (question_id)
GROUP BY ALL;
COMMENT ON VIEW answers IS 'One row for each question on each paper of each week, with its answer, what verification made of it, and its quotes.';

CREATE OR REPLACE VIEW costs AS
SELECT
    r.week, c.kind, c.model,
    count(*) AS calls,
    count(*) FILTER (c.status = 'asked') AS unanswered,
    sum(c.input_tokens) AS input_tokens,
    sum(c.cache_write_tokens) AS cache_write_tokens,
    sum(c.cache_read_tokens) AS cache_read_tokens,
    sum(c.output_tokens) AS output_tokens,
    sum(c.cost_usd) AS cost_usd
FROM model_calls AS c
JOIN runs AS r USING (run_id)
GROUP BY ALL;
COMMENT ON VIEW costs IS 'What the model cost, by week, kind of call and model, in US dollars. Calls left unanswered were in flight when their run was killed.';

CREATE OR REPLACE VIEW unverified_answers AS
SELECT week, rank, title, position, question, answer AS withheld_answer, reason
FROM answers
WHERE status = 'unverified';
COMMENT ON VIEW unverified_answers IS 'Answers that failed verification, also after their repair: what was claimed, and why it is not published.';

CREATE OR REPLACE VIEW current_corrections AS
SELECT * FROM corrections
QUALIFY row_number() OVER (PARTITION BY paper_id, question ORDER BY corrected_at DESC, correction_id) = 1;
COMMENT ON VIEW current_corrections IS 'For each corrected question of a paper the newest correction.';
