-- ARGV: node, epoch, users. Answers the users who are gone from the fleet.
if lost(ARGV[2]) then return redis.error_reply(LOST) end
local gone = {}
for i = 3, #ARGV do
  if remove(ARGV[1], ARGV[i]) then gone[#gone + 1] = ARGV[i] end
end
return gone
