-- ARGV: node, lease in ms, epoch if there is none, how many users of silent nodes to take out.
-- Answers epoch, 1 where the node was known, 1 where silent nodes are left, users who are gone.
local node, left = ARGV[1], tonumber(ARGV[4])
redis.call('SET', P .. 'epoch', ARGV[3], 'NX')
local known = redis.call('ZSCORE', P .. 'nodes', node) and 1 or 0
redis.call('ZADD', P .. 'nodes', now + tonumber(ARGV[2]), node)
redis.call('SREM', P .. 'silent', node)

local gone = {}
if left > 0 then
  for _, silent in ipairs(redis.call('ZRANGEBYSCORE', P .. 'nodes', '-inf', now)) do
    redis.call('ZREM', P .. 'nodes', silent)
    redis.call('SADD', P .. 'silent', silent)
  end
  for _, silent in ipairs(redis.call('SMEMBERS', P .. 'silent')) do
    if left > 0 then
      local users = redis.call('SRANDMEMBER', P .. 'of:' .. silent, left)
      for _, who in ipairs(users) do
        if remove(silent, who) then gone[#gone + 1] = who end
      end
      left = left - #users
    end
    if redis.call('EXISTS', P .. 'of:' .. silent) == 0 then
      redis.call('SREM', P .. 'silent', silent)
    end
  end
end
local more = redis.call('EXISTS', P .. 'silent')
return { redis.call('GET', P .. 'epoch'), known, more, gone }
