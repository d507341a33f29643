-- The answer to $question_id (of the digest or of a reader), or the one at $week, $rank and $position in $language.
SELECT question_id, week, rank, paper_id, position, question, answer, status, reason
FROM answers
WHERE question_id = $question_id OR (digest = getvariable('digest') AND week = $week AND rank = $rank AND position = $position AND language = $language)
UNION ALL
SELECT question_id, NULL, NULL, paper_id, 1, question, answer, status, reason
FROM reader_questions
WHERE question_id = $question_id
LIMIT 1;
