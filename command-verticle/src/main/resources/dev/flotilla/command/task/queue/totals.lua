-- How many members the structures have, as name and number in turn.
local totals = {}
local function tell(name, number)
  totals[#totals + 1] = name
  totals[#totals + 1] = number
end
local function sum(names, prefix)
  local all = 0
  for _, name in ipairs(redis.call('SMEMBERS', P .. names)) do
    all = all + redis.call('ZCARD', P .. prefix .. name)
  end
  return all
end

local waiting, placing = 0, 0
for level = 0, 3 do
  waiting = waiting + redis.call('ZCARD', P .. 'waiting:' .. level)
  placing = placing + redis.call('ZCARD', P .. 'placing:' .. level)
end
tell('index', redis.call('ZCARD', P .. 'index'))
tell('waiting', waiting)
tell('delayed', redis.call('ZCARD', P .. 'delayed'))
tell('leases', redis.call('ZCARD', P .. 'leases'))
tell('orphans', redis.call('ZCARD', P .. 'orphans'))
tell('placing', placing)
tell('slots', sum('slotted', 'slots:'))
tell('hands', sum('handed', 'hand:'))
tell('gates', sum('gates', 'gate:'))
tell('paused', redis.call('SCARD', P .. 'paused'))
tell('built', redis.call('EXISTS', P .. 'built'))
return totals
