-- TL;DR and summary of $generation_id, withheld or not, with the current reasons for withholding them.
SELECT s.tldr, s.summary, coalesce(s.tldr_reason, x.tldr_reason) AS tldr_reason,
    coalesce(s.summary_reason, x.summary_reason) AS summary_reason
FROM summaries AS s
LEFT JOIN explanations AS x USING (generation_id)
WHERE s.generation_id = $generation_id;
