-- Metadata of $paper_id at $version.
SELECT p.*, k.kind,
    (SELECT coalesce(list(name ORDER BY position), []) FROM authors AS a WHERE a.paper_id = p.paper_id AND a.version = p.version) AS authors,
    (SELECT coalesce(list(code ORDER BY position), []) FROM categories AS c WHERE c.paper_id = p.paper_id AND c.version = p.version) AS categories
FROM paper_versions AS p
JOIN papers AS k USING (paper_id)
WHERE p.paper_id = $paper_id AND p.version = $version;
