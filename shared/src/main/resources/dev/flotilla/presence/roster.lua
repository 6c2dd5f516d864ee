-- Who is online, and the moves that the scripts share. Prepended to each of them.
--
-- KEYS[1] is the prefix of every key. It has a hash tag, so that all keys lie in one slot of a Redis
-- Cluster. A user is written tenant|user; ids have no such mark.
--
--   epoch            string  names this roster; without it, Redis has lost the roster
--   nodes            zset    nodes, by the deadline of their lease in ms
--   silent           set     nodes whose lease ran out, while their users are being taken out
--   of:{node}        set     users with a session on the node
--   at:{user}        set     nodes where the user has a session
--   online:{tenant}  zset    user names, all with score 0, to be paged by name
--   since:{tenant}   hash    user name -> online since, in ms
local P = KEYS[1] .. ':'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local LOST = 'LOST the roster that the node knows'

-- True where this is not the roster that the node has compared with.
local function lost(epoch)
  return redis.call('GET', P .. 'epoch') ~= epoch
end

local function split(who)
  return string.match(who, '^([^|]*)|(.*)$')
end

-- True where the user had no session anywhere.
local function add(node, who)
  redis.call('SADD', P .. 'of:' .. node, who)
  redis.call('SADD', P .. 'at:' .. who, node)
  local tenant, user = split(who)
  if redis.call('ZADD', P .. 'online:' .. tenant, 'NX', 0, user) == 0 then return false end
  redis.call('HSET', P .. 'since:' .. tenant, user, now)
  return true
end

-- True where the user has no session anywhere any more.
local function remove(node, who)
  redis.call('SREM', P .. 'of:' .. node, who)
  redis.call('SREM', P .. 'at:' .. who, node)
  if redis.call('EXISTS', P .. 'at:' .. who) == 1 then return false end
  local tenant, user = split(who)
  redis.call('HDEL', P .. 'since:' .. tenant, user)
  return redis.call('ZREM', P .. 'online:' .. tenant, user) == 1
end
