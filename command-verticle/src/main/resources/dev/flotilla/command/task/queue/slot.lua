-- Uses slots for leased tasks, one task after the other. ARGV: node, then for each task: id, how many
-- candidates, and for each of those, best first: instance, max, group, share; max 0 means that the
-- task's run is there already. Answers for each task the place of the chosen one among its
-- candidates, from 1, or 0 where all are full, or -1 where the lease is lost, or -2 where somebody
-- else comes first.
--
-- Candidates of a group share its load: none gets more than 1.25 times its share while another has
-- room below that. A group is left only when it is full.
local BOUND = 1.25
local CANDIDATE = 4

local function key_of(i) return P .. 'slots:' .. ARGV[i] end

-- How many levels, from the highest on, have nobody to wait for. This script takes no task, so that a
-- level that is quiet stays so to its end.
local quiet = 0

-- No task starts while one of a higher level looks for a place or could be taken, or while an earlier
-- one of its own line does. Nobody looks for long: either it finds a place, or its line is parked.
local function others_first(task)
  for level = quiet, tonumber(task.level) - 1 do
    if redis.call('ZCOUNT', P .. 'placing:' .. level, now, '+inf') > 0 then return true end
    if redis.call('EXISTS', P .. 'tenants:' .. level) == 1 and not fleet_paused(level) then
      return true
    end
    quiet = level + 1
  end
  local before = '(' .. task.ordinal
  local line = line_of(task)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', P .. 'placing:' .. line, '-inf', before)) do
    local limit = redis.call('ZSCORE', P .. 'placing:' .. task.level, id)
    if limit and tonumber(limit) >= now then return true end
  end
  return redis.call('ZCOUNT', P .. 'line:' .. line, '-inf', before) > 0
end

-- The candidate from the one at `from` to before the one at `past`.
local function choose(task, from, past)
  local i = from
  while i < past do
    local group, first, load, shares, loads, room = ARGV[i + 2], i, 0, 0, {}, nil
    while i < past and ARGV[i + 2] == group do
      loads[i] = redis.call('ZCARD', key_of(i))
      if redis.call('ZSCORE', key_of(i), task.id) then return i end
      load = load + loads[i]
      shares = shares + tonumber(ARGV[i + 3])
      i = i + CANDIDATE
    end
    for j = first, i - CANDIDATE, CANDIDATE do
      if loads[j] < tonumber(ARGV[j + 1]) then
        room = room or j
        local share = tonumber(ARGV[j + 3])
        if loads[j] < math.ceil(BOUND * (load + 1) * share / shares) then return j end
      end
    end
    if room then return room end
  end
  return nil
end

-- Only a start moves the clock of its level: a tenant that finds no place loses nothing by trying.
local clocks = {}
local function start_clock(level, pass)
  if not clocks[level] then
    clocks[level] = tonumber(redis.call('GET', P .. 'clock:' .. level) or 0)
  end
  if pass > clocks[level] then
    redis.call('SET', P .. 'clock:' .. level, pass)
    clocks[level] = pass
  end
end

local tried = redis.call('EXISTS', P .. 'tries') == 1

local function place(id, from, past)
  local task = load(id)
  if not held(task, ARGV[1]) then return -1 end
  local chosen, keeps = from, tonumber(ARGV[from + 1]) == 0
  if not keeps then
    if others_first(task) then return -2 end
    chosen = choose(task, from, past)
    if not chosen then return 0 end
  end
  use_slot(task, ARGV[chosen])
  placed(task)
  if not keeps then start_clock(task.level, tonumber(task.pass or 0)) end
  if tried then redis.call('HDEL', P .. 'tries', line_of(task)) end
  return (chosen - from) / CANDIDATE + 1
end

local answers = {}
local at = 2
while at <= #ARGV do
  local from = at + 2
  local past = from + CANDIDATE * tonumber(ARGV[at + 1])
  table.insert(answers, place(ARGV[at], from, past))
  at = past
end
return answers
