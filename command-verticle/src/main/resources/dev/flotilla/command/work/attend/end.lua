-- ARGV: how many at most. Answers the stays whose time is up and what they were, in turns.
local answer = {}
for _, stay in ipairs(redis.call('ZRANGEBYSCORE', P .. 'until', '-inf', now, 'LIMIT', 0, ARGV[1])) do
  local item, user = string.match(stay, '^(.*)|([^|]*)$')
  local what = redis.call('HGET', P .. 'at:' .. item, user)
  redis.call('HDEL', P .. 'at:' .. item, user)
  redis.call('ZREM', P .. 'until', stay)
  if what then
    answer[#answer + 1] = stay
    answer[#answer + 1] = what
  end
end
return answer
