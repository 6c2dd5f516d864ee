-- Who is at which work item. Prepended to the scripts.
--
-- KEYS[1] is the prefix of every key. An item is written tenant|item, a stay tenant|item|user; ids have
-- no such mark.
--
--   until        zset  stays, by their deadline in ms
--   at:{item}    hash  user -> what the user does there, as JSON
local P = KEYS[1] .. ':'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
