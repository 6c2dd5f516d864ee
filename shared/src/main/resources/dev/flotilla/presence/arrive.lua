-- ARGV: node, epoch, users. Answers the users who are new in the fleet.
if lost(ARGV[2]) then return redis.error_reply(LOST) end
local new = {}
for i = 3, #ARGV do
  if add(ARGV[1], ARGV[i]) then new[#new + 1] = ARGV[i] end
end
return new
