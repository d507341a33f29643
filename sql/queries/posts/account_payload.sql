-- The newest answer of X to a look-up of $account, which is in lower case.
SELECT payload_id
FROM raw.payloads
WHERE source = 'x' AND ends_with(lower(url), '/2/users/by/username/' || $account)
ORDER BY retrieved_at DESC
LIMIT 1;
