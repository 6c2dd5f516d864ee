-- Settles buckets that all nodes share, and leases tokens of them.
--
-- KEYS: one bucket each, flotilla:{rate}:user:{perMinute}:{tenant}:{user} or
--   flotilla:{rate}:tenant:{perMinute}:{tenant}
--   string: when the bucket will be full, in microseconds. It lives until then: no key, full bucket.
-- ARGV: for each bucket its tokens per minute, which is also what it holds; tokens to charge, or to
--   give back where below 0; tokens wanted.
-- Answers for each bucket: tokens leased, and the time in microseconds until it is full.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer = {}
for i, key in ipairs(KEYS) do
  local holds = tonumber(ARGV[3 * i - 2])
  local charge = tonumber(ARGV[3 * i - 1])
  local wanted = tonumber(ARGV[3 * i])
  local cost = 60000000 / holds
  local full_at = tonumber(redis.call('GET', key) or now)
  local debt = math.max(0, full_at - now) + charge * cost
  -- However far nodes ran ahead, a minute later there are tokens again.
  debt = math.min(math.max(0, debt), 2 * holds * cost)
  -- Half of what is left at most, so that other nodes find some, too.
  local left = math.floor(holds - debt / cost + 0.000001)
  local granted = math.min(wanted, math.max(0, math.ceil(left / 2)))
  debt = math.ceil(debt + granted * cost)
  if debt > 0 then
    redis.call('SET', key, string.format('%.0f', now + debt), 'PX', math.ceil(debt / 1000))
  else
    redis.call('DEL', key)
  end
  answer[#answer + 1] = granted
  answer[#answer + 1] = debt
end
return answer
