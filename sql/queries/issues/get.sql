-- The revision $issue_id.
SELECT issue_id FROM issues WHERE issue_id = $issue_id;
