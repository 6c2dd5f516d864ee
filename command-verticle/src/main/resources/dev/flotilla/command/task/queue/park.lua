-- A leased task found no place: it goes back to its old one, its line tries again later, each time
-- after a longer wait, and its tenant has not had its turn.
-- ARGV: id, node, room (parked or absent), delayMs, longestMs; delay 0: at once.
local task = load(ARGV[1])
if not held(task, ARGV[2]) then return 0 end
local delay, line = tonumber(ARGV[4]), line_of(task)
detach(task)
free_slot(task)
undo_turn(task)
if delay > 0 then
  local tries = redis.call('HINCRBY', P .. 'tries', line, 1)
  delay = math.min(delay * 2 ^ math.min(tries - 1, 16), tonumber(ARGV[5]))
  redis.call('ZADD', P .. ARGV[3] .. ':' .. task.level, now + delay, line)
end
join_line(task)
open_line(task.level, task.tenant, task.kind)
leave(task)
return 1
