-- ARGV: item, user, what the user does there or nothing, how long that holds in ms. Answers what the
-- user did there before, then all who are there now and what they do, in turns.
local at = P .. 'at:' .. ARGV[1]
local stay = ARGV[1] .. '|' .. ARGV[2]
local before = redis.call('HGET', at, ARGV[2]) or ''
if ARGV[3] == '' then
  redis.call('HDEL', at, ARGV[2])
  redis.call('ZREM', P .. 'until', stay)
else
  redis.call('HSET', at, ARGV[2], ARGV[3])
  redis.call('ZADD', P .. 'until', now + ARGV[4], stay)
end
local answer = redis.call('HGETALL', at)
table.insert(answer, 1, before)
return answer
