-- The high-water mark: id of the newest post of $author_id read from $first up to $last.
SELECT max(post_id::HUGEINT)::VARCHAR AS post_id FROM posts WHERE author_id = $author_id AND posted_at >= $first AND posted_at < $last;
