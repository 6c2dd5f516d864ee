-- ARGV: tenant, where to begin, how many. Answers user names and since when, in turns.
local names = redis.call('ZRANGEBYLEX', P .. 'online:' .. ARGV[1], ARGV[2], '+', 'LIMIT', 0, ARGV[3])
local page = {}
for _, user in ipairs(names) do
  page[#page + 1] = user
  page[#page + 1] = redis.call('HGET', P .. 'since:' .. ARGV[1], user) or '0'
end
return page
