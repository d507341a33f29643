-- How many of the newest 100 explanations by $model, from runs other than $run_id, were repaired.
SELECT count(*) AS explained, count(repair) AS repaired
FROM (
    SELECT any_value(r.generation_id) AS repair
    FROM generations AS g
    JOIN summaries USING (generation_id)
    LEFT JOIN generations AS r ON r.repairs = g.generation_id AND r.kind = 'repair'
    WHERE g.kind = 'explain' AND g.model = $model AND g.run_id <> $run_id
    GROUP BY g.generation_id, g.generated_at
    ORDER BY g.generated_at DESC
    LIMIT 100
);
