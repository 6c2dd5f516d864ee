-- Gives leased tasks back before their end. ARGV: node, to, delayMs, id*.
-- to: ready (its run has ended, another may start), delayed (the same, later), orphan (its run may go
-- on, so slot, session and key stay taken).
local released = 0
for i = 4, #ARGV do
  local task = load(ARGV[i])
  if held(task, ARGV[1]) then
    detach(task)
    if ARGV[2] == 'orphan' then
      to_orphans(task)
    else
      free_slot(task)
      if ARGV[2] == 'delayed' then
        to_delayed(task, now + tonumber(ARGV[3]))
      else
        to_ready(task)
      end
      leave(task)
      wake('parked', 64, '+inf')
    end
    released = released + 1
  end
end
return released
