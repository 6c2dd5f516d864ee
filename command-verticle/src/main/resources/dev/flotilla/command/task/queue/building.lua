-- Somebody begins to compare everything. Redis keeps that in mind as long as it loses nothing.
-- ARGV: token, limitMs.
redis.call('SET', P .. 'building:' .. ARGV[1], now, 'PX', ARGV[2])
return 1
