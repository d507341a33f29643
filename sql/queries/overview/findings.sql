-- Findings on $week: on its sighting, entries and documents, and on its explanations and answers in $language.
SELECT f.subject, f.check_name, f.severity, f.message
FROM findings AS f
WHERE f.subject IN (
    SELECT sighting_id FROM current_sightings WHERE digest = getvariable('digest') AND week = $week
    UNION ALL SELECT entry_id FROM week_entries WHERE digest = getvariable('digest') AND week = $week
    UNION ALL SELECT document_id FROM week_entries WHERE digest = getvariable('digest') AND week = $week
    UNION ALL SELECT generation_id FROM week_entries WHERE digest = getvariable('digest') AND week = $week AND language = $language
    UNION ALL SELECT question_id FROM answers WHERE digest = getvariable('digest') AND week = $week AND language = $language
)
ORDER BY f.severity, f.check_name, f.message;
