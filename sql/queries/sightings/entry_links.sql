-- Links of $entry_id in order.
SELECT label, url, canonical, role FROM links WHERE entry_id = $entry_id ORDER BY position;
