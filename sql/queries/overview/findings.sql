-- Findings on $week: on its sighting, entries and documents, and on its explanations and answers in $language.
WITH places AS (
    SELECT sighting_id AS subject, NULL::INTEGER AS rank, NULL::VARCHAR AS question
    FROM current_sightings WHERE digest = getvariable('digest') AND week = $week
    UNION SELECT entry_id, rank, NULL FROM bound_entries WHERE digest = getvariable('digest') AND week = $week
    UNION SELECT document_id, rank, NULL FROM bound_entries WHERE digest = getvariable('digest') AND week = $week
    UNION SELECT generation_id, rank, NULL FROM week_entries
    WHERE digest = getvariable('digest') AND week = $week AND language = $language
    UNION SELECT question_id, rank, question FROM answers
    WHERE digest = getvariable('digest') AND week = $week AND language = $language
)
SELECT f.subject, f.check_name, f.severity, f.message, p.rank, p.question
FROM findings AS f
JOIN places AS p USING (subject)
ORDER BY f.severity, p.rank NULLS FIRST, f.check_name, f.message;
