-- How many tasks wait at each level, from critical to low.
local depths = {}
for level = 0, 3 do depths[level + 1] = redis.call('ZCARD', P .. 'waiting:' .. level) end
return depths
