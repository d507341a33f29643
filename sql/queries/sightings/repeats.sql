-- arXiv papers of $sighting_id that another week of the digest lists as well.
SELECT DISTINCT l.entry_id, l.canonical AS url, s.week
FROM entries AS e
JOIN links AS l USING (entry_id)
JOIN links AS o ON o.canonical = l.canonical AND o.role = 'paper'
JOIN entries AS p ON p.entry_id = o.entry_id
JOIN current_sightings AS s ON s.sighting_id = p.sighting_id
WHERE e.sighting_id = $sighting_id AND l.role = 'paper' AND l.canonical LIKE 'https://arxiv.org/abs/%'
    AND s.digest = getvariable('digest')
    AND s.week <> (SELECT week FROM sightings WHERE sighting_id = $sighting_id)
ORDER BY ALL;
