-- What operators have set: pauses, shares and caps. ARGV: number of pauses, tenant|level*, then
-- (tenant, weight, cap)*; weight 1 and cap 0 are the defaults. Replaces what was set before. Answers
-- whether anything has changed.
local before, after = {}, {}
local function remember(into)
  local all = {}
  for _, pause in ipairs(redis.call('SMEMBERS', P .. 'paused')) do all[#all + 1] = 'p' .. pause end
  for _, name in ipairs({ 'weights', 'caps' }) do
    local pairs_of = redis.call('HGETALL', P .. name)
    for i = 1, #pairs_of, 2 do all[#all + 1] = name .. pairs_of[i] .. '=' .. pairs_of[i + 1] end
  end
  table.sort(all)
  into.text = table.concat(all, '\n')
end

local touched = {}
local function touch_all()
  for _, pause in ipairs(redis.call('SMEMBERS', P .. 'paused')) do
    touched[string.match(pause, '^([^|]*)')] = true
  end
  for _, name in ipairs(redis.call('HKEYS', P .. 'caps')) do touched[name] = true end
end

remember(before)
touch_all()
redis.call('DEL', P .. 'paused', P .. 'weights', P .. 'caps')
local pauses = tonumber(ARGV[1])
for i = 2, pauses + 1 do redis.call('SADD', P .. 'paused', ARGV[i]) end
for i = pauses + 2, #ARGV, 3 do
  if ARGV[i + 1] ~= '1' then redis.call('HSET', P .. 'weights', ARGV[i], ARGV[i + 1]) end
  if ARGV[i + 2] ~= '0' then redis.call('HSET', P .. 'caps', ARGV[i], ARGV[i + 2]) end
end
remember(after)
touch_all()
if before.text == after.text then return 0 end
set = nil
for tenant in pairs(touched) do
  if tenant ~= '*' then
    redis.call('SREM', P .. 'crowded', tenant)
    for level = 0, 3 do enrol(level, tenant) end
  end
end
return 1
