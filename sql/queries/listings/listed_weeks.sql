-- All weeks that were listed, of all digests, with the last run that did.
SELECT digest, week, max_by(run_id, observed_at) AS run_id FROM sightings GROUP BY digest, week ORDER BY digest, week;
