-- Whether the archive has a week or a run of the digest.
SELECT
    EXISTS (FROM weeks WHERE digest = getvariable('digest'))
    OR EXISTS (FROM run_starts WHERE digest = getvariable('digest')) AS is_known;
