-- Tasks have ended: nothing of them stays, and lines that waited for a slot try again. ARGV: node,
-- id*. Answers how many were there.
--
-- A node that ends what it held leaves alone what has been queued again or taken by another since.
local finished = 0
for i = 2, #ARGV do
  local task = load(ARGV[i])
  if task and (ARGV[1] == '' or held(task, ARGV[1]) or task.at == 'orphan') then
    forget(task)
    finished = finished + 1
  end
end
if finished > 0 then wake('parked', 64, '+inf') end
return finished
