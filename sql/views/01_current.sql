-- The read model: for each run, call, sighting, resolution, document, generation and answer, the row that counts now.

CREATE OR REPLACE VIEW runs AS
SELECT s.*, e.ended_at, e.outcome, e.message
FROM run_starts AS s
LEFT JOIN (SELECT * FROM run_ends QUALIFY row_number() OVER (PARTITION BY run_id ORDER BY ended_at DESC) = 1) AS e
    USING (run_id);
COMMENT ON VIEW runs IS 'One execution of a flow or of a command that pays or saves. A run without an end is under way, or was killed.';

CREATE OR REPLACE VIEW model_calls AS
SELECT
    s.call_id, s.generation_id, s.kind, s.model, coalesce(e.status, 'asked') AS status, s.estimated_usd, e.cost_usd,
    e.input_tokens, e.cache_write_tokens, e.cache_read_tokens, e.output_tokens, e.request_id, e.stop_reason,
    s.asked_at, e.answered_at, e.message, s.run_id, s.batch_key, s.awaited, e.error
FROM call_starts AS s
LEFT JOIN (
    SELECT * FROM call_ends
    QUALIFY row_number() OVER (PARTITION BY call_id ORDER BY status = 'failed', answered_at DESC) = 1
) AS e USING (call_id);
COMMENT ON VIEW model_calls IS 'Every call to a model: asked, answered or failed. One that stays asked was in flight when its run was killed.';

CREATE OR REPLACE VIEW batches AS
SELECT s.batch_key, c.batch_id, s.requests, s.reserved_at, c.submitted_at, e.ended_at, s.run_id
FROM batch_starts AS s
LEFT JOIN (
    SELECT * FROM batch_confirmations QUALIFY row_number() OVER (PARTITION BY batch_key ORDER BY submitted_at DESC) = 1
) AS c USING (batch_key)
LEFT JOIN (SELECT batch_key, max(ended_at) AS ended_at FROM batch_ends GROUP BY batch_key) AS e USING (batch_key);
COMMENT ON VIEW batches IS 'Message batches: many calls at half the price, answered within a day. One without an end is still awaited.';

CREATE OR REPLACE VIEW current_sightings AS
SELECT * FROM sightings
QUALIFY row_number() OVER (
    PARTITION BY digest, week
    ORDER BY precedence, observed_at DESC, sighting_id
) = 1;
COMMENT ON VIEW current_sightings IS 'For each week of each digest the current sighting: that of the source with the lowest precedence, the newest of those.';

CREATE OR REPLACE VIEW current_listings AS
SELECT * FROM listings
QUALIFY row_number() OVER (PARTITION BY digest, week ORDER BY listed_at DESC) = 1;
COMMENT ON VIEW current_listings IS 'For each week of each digest what its entry in digests.toml said when it was listed last.';

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

CREATE OR REPLACE VIEW current_readings AS
SELECT * FROM readings
QUALIFY row_number() OVER (PARTITION BY paper_id, version ORDER BY read_at DESC) = 1;
COMMENT ON VIEW current_readings IS 'For each version of a paper how it was read last.';

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
COMMENT ON VIEW current_answers IS 'Questions with their current status: by the newest audit if there is one, else by the first verification.';

CREATE OR REPLACE VIEW explanations AS
SELECT
    g.document_id, g.language, g.generation_id, g.label, g.model, g.kind AS generation_kind,
    CASE WHEN coalesce(m.tldr_reason, t.reason) IS NULL THEN m.tldr END AS tldr,
    CASE WHEN coalesce(m.summary_reason, u.reason) IS NULL THEN m.summary END AS summary,
    coalesce(m.tldr_reason, t.reason) AS tldr_reason, coalesce(m.summary_reason, u.reason) AS summary_reason
FROM current_generations AS g
JOIN summaries AS m USING (generation_id)
LEFT JOIN (SELECT generation_id, max_by(reason, audited_at) AS reason FROM text_audits WHERE part = 'tldr' GROUP BY ALL) AS t
    USING (generation_id)
LEFT JOIN (SELECT generation_id, max_by(reason, audited_at) AS reason FROM text_audits WHERE part = 'summary' GROUP BY ALL) AS u
    USING (generation_id);
COMMENT ON VIEW explanations IS 'For each document and language the current explanation; TL;DR and summary are NULL if they failed verification.';

CREATE OR REPLACE VIEW bound_entries AS
SELECT
    s.digest, s.week, s.starts_on, s.ends_on, s.source, s.sighting_id, s.heading,
    e.entry_id, e.rank, e.title AS nickname,
    r.paper_id, r.version, r.method, r.confidence, r.evidence AS resolved_by,
    p.title, p.authors_complete, p.published_on, p.updated_on, p.url,
    d.document_id, d.grounding, d.format, coalesce(g.note, d.note) AS document_note,
    coalesce(g.may_improve, false) AS may_improve
FROM current_sightings AS s
JOIN entries AS e USING (sighting_id)
LEFT JOIN current_resolutions AS r USING (entry_id)
LEFT JOIN paper_versions AS p ON p.paper_id = r.paper_id AND p.version = r.version
LEFT JOIN current_documents AS d ON d.paper_id = r.paper_id AND d.version = r.version
LEFT JOIN current_readings AS g ON g.document_id = d.document_id;
COMMENT ON VIEW bound_entries IS 'One row for each entry of each week, with its paper and document.';

CREATE OR REPLACE VIEW week_entries AS
SELECT b.*, x.generation_id, x.label, x.model, x.generation_kind, x.tldr, x.summary, x.tldr_reason, x.summary_reason, x.language
FROM bound_entries AS b
LEFT JOIN explanations AS x USING (document_id);
COMMENT ON VIEW week_entries IS 'One row for each entry of each week and each language it is explained in, with its paper, document and explanation.';

CREATE OR REPLACE VIEW answers AS
SELECT
    w.digest, w.week, w.rank, w.paper_id, w.title, q.position, q.question, q.answer, q.status, q.repaired, q.reason,
    list({quote: v.quote, section: v.section, page: v.page, start_char: v.start_char, end_char: v.end_char}
         ORDER BY v.position) FILTER (v.quote IS NOT NULL) AS quotes,
    q.question_id, w.generation_id, w.language
FROM week_entries AS w
JOIN current_answers AS q USING (generation_id)
LEFT JOIN evidence AS v USING (question_id)
GROUP BY ALL;
COMMENT ON VIEW answers IS 'One row for each question on each paper of each week, with its answer, its status and its quotes.';

CREATE OR REPLACE VIEW reader_questions AS
SELECT
    g.paper_id, p.title, g.language, q.question, q.answer, q.status, q.repaired, q.reason,
    list({quote: v.quote, section: v.section, page: v.page, start_char: v.start_char, end_char: v.end_char}
         ORDER BY v.position) FILTER (v.quote IS NOT NULL) AS quotes,
    g.model, g.label, g.generated_at AS asked_at, q.question_id, g.generation_id, g.document_id
FROM generations AS g
JOIN current_answers AS q USING (generation_id)
JOIN documents AS d ON d.document_id = g.document_id
JOIN paper_versions AS p ON p.paper_id = d.paper_id AND p.version = d.version
LEFT JOIN evidence AS v USING (question_id)
WHERE g.kind = 'ask'
GROUP BY ALL;
COMMENT ON VIEW reader_questions IS 'Questions that readers asked (rindoku ask), with answers and quotes; articles do not show them.';

CREATE OR REPLACE VIEW costs AS
SELECT
    r.digest, r.week, c.kind, c.model,
    count(*) AS calls,
    count(*) FILTER (c.status = 'asked' OR c.error = 'ReplyLost') AS unanswered,
    sum(c.input_tokens) AS input_tokens,
    sum(c.cache_write_tokens) AS cache_write_tokens,
    sum(c.cache_read_tokens) AS cache_read_tokens,
    sum(c.output_tokens) AS output_tokens,
    sum(c.cost_usd) AS cost_usd,
    sum(c.estimated_usd) FILTER (c.status = 'asked' OR c.error = 'ReplyLost') AS unanswered_usd
FROM model_calls AS c
JOIN runs AS r USING (run_id)
GROUP BY ALL;
COMMENT ON VIEW costs IS 'What the model cost, by week, kind of call and model, in US dollars. Calls left unanswered have no reply, as it is awaited in a batch, was lost, or their run was killed; they may be billed, with at most unanswered_usd.';

CREATE OR REPLACE VIEW unverified_answers AS
SELECT digest, week, rank, title, position, question, answer AS withheld_answer, reason, language
FROM answers
WHERE status = 'unverified';
COMMENT ON VIEW unverified_answers IS 'Answers that failed verification, also after their repair: what was claimed, and why it is not published.';

CREATE OR REPLACE VIEW current_corrections AS
SELECT * FROM corrections
QUALIFY row_number() OVER (PARTITION BY paper_id, question ORDER BY corrected_at DESC, correction_id) = 1;
COMMENT ON VIEW current_corrections IS 'For each corrected question of a paper the newest correction.';
