-- The answer with $question_id, or the one at $week, $rank and $position.
SELECT question_id, week, rank, paper_id, position, question, answer, status, reason
FROM answers
WHERE question_id = $question_id OR (week = $week AND rank = $rank AND position = $position)
LIMIT 1;
