-- Looks for contradictions among tasks with an ordinal above after. ARGV: after, limit. Answers the
-- last ordinal that was looked at, or an empty text at the end, and then the contradictions in words.
local found = {}
local page = redis.call('ZRANGEBYSCORE', P .. 'index', '(' .. ARGV[1], '+inf', 'WITHSCORES',
  'LIMIT', 0, tonumber(ARGV[2]))
local last = #page > 0 and page[#page] or ''

local function say(id, words) found[#found + 1] = id .. ' ' .. words end

local function is_in(key, id) return redis.call('ZSCORE', P .. key, id) and 1 or 0 end

for i = 1, #page, 2 do
  local task = load(page[i])
  if not task then
    say(page[i], 'is in the index without its hash')
  else
    local line, id = line_of(task), task.id
    local places = { ready = is_in('line:' .. line, id), leased = is_in('leases', id),
      delayed = is_in('delayed', id), orphan = is_in('orphans', id) }
    for place, there in pairs(places) do
      local wanted = task.at == place and 1 or 0
      if there ~= wanted then
        say(id, there == 1 and 'is ' .. task.at .. ' and among those that are ' .. place
          or 'is not among those that are ' .. place)
      end
    end
    if is_in('waiting:' .. task.level, id) ~= places.ready then
      say(id, 'is not counted rightly among those that wait')
    end
    local hand = task.at == 'leased' or task.at == 'orphan'
    if is_in('hand:' .. task.tenant, id) ~= (hand and 1 or 0) then
      say(id, 'is not counted rightly for its tenant')
    end
    for _, gate in ipairs(gates_of(task.kind)) do
      if is_in('gate:' .. task.tenant .. '|' .. gate, id) ~= (hand and 1 or 0) then
        say(id, 'is not counted rightly at its gate')
      end
    end
    if task.instance ~= '' and (not hand or is_in('slots:' .. task.instance, id) == 0) then
      say(id, 'names a slot at ' .. task.instance .. ' that it does not use')
    end
    if task.at ~= 'leased' and is_in('placing:' .. task.level, id) == 1 then
      say(id, 'looks for a place without a lease')
    end
    if task.at == 'ready' then
      local head = redis.call('ZRANGE', P .. 'line:' .. line, 0, 0)[1]
      local open = redis.call('ZSCORE', lines_key(task.level, task.tenant), task.kind)
      local apart = redis.call('ZSCORE', P .. 'parked:' .. task.level, line)
        or redis.call('ZSCORE', P .. 'absent:' .. task.level, line)
      if head == id and not open and not apart and not shut(task) then
        say(id, 'is the first of a line that nobody looks at')
      end
      if open and not redis.call('ZSCORE', P .. 'tenants:' .. task.level, task.tenant)
          and not tenant_paused(task.tenant, task.level) and not is_crowded(task.tenant) then
        say(id, 'belongs to a tenant whose turn never comes')
      end
    end
  end
end
table.insert(found, 1, last)
return found
