-- Records the tokens, the cost and the end of $call_id.
UPDATE model_calls SET
    status = 'answered', answered_at = $answered_at, input_tokens = $input_tokens,
    cache_write_tokens = $cache_write_tokens, cache_read_tokens = $cache_read_tokens, output_tokens = $output_tokens,
    cost_usd = $cost_usd, request_id = $request_id, stop_reason = $stop_reason
WHERE call_id = $call_id;
