-- The queue agrees with PostgreSQL: tasks may be taken. What tasks that are gone still hold is freed:
-- slots, gates, and their tenant's count. ARGV: the token of building. Answers how many, or -1 where
-- Redis has lost something since.
if redis.call('DEL', P .. 'building:' .. ARGV[1]) == 0 then return -1 end
redis.call('SET', P .. 'built', now)
local freed = 0

local function in_hand(id)
  local at = redis.call('HGET', P .. 'task:' .. id, 'at')
  return at == 'leased' or at == 'orphan'
end

for _, instance in ipairs(redis.call('SMEMBERS', P .. 'slotted')) do
  local key = P .. 'slots:' .. instance
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do
    if redis.call('HGET', P .. 'task:' .. id, 'instance') ~= instance then
      redis.call('ZREM', key, id)
      freed = freed + 1
    end
  end
  if redis.call('EXISTS', key) == 0 then redis.call('SREM', P .. 'slotted', instance) end
end
for _, gate in ipairs(redis.call('SMEMBERS', P .. 'gates')) do
  for _, id in ipairs(redis.call('ZRANGE', P .. 'gate:' .. gate, 0, -1)) do
    if not in_hand(id) and leave_gate(gate, id) then freed = freed + 1 end
  end
end
for _, tenant in ipairs(redis.call('SMEMBERS', P .. 'handed')) do
  for _, id in ipairs(redis.call('ZRANGE', P .. 'hand:' .. tenant, 0, -1)) do
    if not in_hand(id) and leave_hand(tenant, id) then freed = freed + 1 end
  end
  if redis.call('EXISTS', P .. 'hand:' .. tenant) == 0 then
    redis.call('SREM', P .. 'handed', tenant)
  end
end
return freed
