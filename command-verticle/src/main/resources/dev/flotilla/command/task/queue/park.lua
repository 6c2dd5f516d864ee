-- A leased task found no place: it goes back to its old one, its line tries again later, and its
-- tenant has not had its turn. ARGV: id, node, delayMs.
local task = load(ARGV[1])
if not held(task, ARGV[2]) then return 0 end
detach(task)
free_slot(task)
redis.call('ZADD', P .. 'parked:' .. task.level, now + tonumber(ARGV[3]), line_of(task))
to_ready(task)
free_session(task)
local turn = tonumber(redis.call('HGET', P .. 'turns:' .. task.level, task.tenant) or 0)
if tonumber(task.turn) < turn then set_turn(task.level, task.tenant, task.turn) end
return 1
