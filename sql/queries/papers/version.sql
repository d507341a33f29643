-- Metadata of $paper_id at $version.
SELECT
    p.paper_id, k.kind, p.version, p.title, p.authors_complete, p.abstract, p.published_on, p.updated_on, p.url,
    p.comment, p.payload_id, p.licence,
    (
        SELECT coalesce(list(name ORDER BY position), [])
        FROM authors AS a
        WHERE a.paper_id = p.paper_id AND a.version = p.version
    ) AS authors,
    (
        SELECT coalesce(list(code ORDER BY position), [])
        FROM categories AS c
        WHERE c.paper_id = p.paper_id AND c.version = p.version
    ) AS categories
FROM paper_versions AS p
JOIN papers AS k USING (paper_id)
WHERE p.paper_id = $paper_id AND p.version = $version;
