-- The ids with after < ordinal <= upTo. ARGV: after, upTo, limit.
return redis.call('ZRANGEBYSCORE', P .. 'index', '(' .. ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
