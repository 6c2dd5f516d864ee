-- The queue agrees with PostgreSQL: tasks may be taken. Slots and sessions of tasks that are gone are
-- freed. ARGV: the token of building. Answers how many, or -1 where Redis has lost something since.
if redis.call('DEL', P .. 'building:' .. ARGV[1]) == 0 then return -1 end
redis.call('SET', P .. 'built', now)
local freed = 0
for _, instance in ipairs(redis.call('SMEMBERS', P .. 'slotted')) do
  local key = P .. 'slots:' .. instance
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    local task = load(id)
    if not task or task.instance ~= instance then
      redis.call('ZREM', key, id)
      freed = freed + 1
    end
  end
  if redis.call('EXISTS', key) == 0 then redis.call('SREM', P .. 'slotted', instance) end
end
local sessions = redis.call('HGETALL', P .. 'sessions')
for i = 1, #sessions, 2 do
  local task = load(sessions[i + 1])
  if not task or (task.at ~= 'leased' and task.at ~= 'orphan') then
    redis.call('HDEL', P .. 'sessions', sessions[i])
    local tenant, kind = string.match(sessions[i], '^([^|]*)|([^|]*)$')
    for level = 0, 3 do open_line(level, tenant, kind) end
    freed = freed + 1
  end
end
return freed
