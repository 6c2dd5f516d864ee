-- ARGV: node, ms until its lease ends.
local at = now + tonumber(ARGV[2])
return redis.call('ZADD', P .. 'nodes', 'XX', 'LT', at, ARGV[1])
