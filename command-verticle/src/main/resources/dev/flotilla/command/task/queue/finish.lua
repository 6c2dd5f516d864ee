-- Tasks have ended: nothing of them stays, and lines that waited for a slot try again. ARGV: id*.
-- Answers how many were there.
local finished = 0
for i = 1, #ARGV do
  local task = load(ARGV[i])
  if task then
    forget(task)
    finished = finished + 1
  end
end
if finished > 0 then wake(64, '+inf') end
return finished
