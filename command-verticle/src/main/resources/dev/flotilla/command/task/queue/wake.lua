-- Something has changed about the instances: lines without a place try again. ARGV: limit.
local limit = tonumber(ARGV[1])
return wake('parked', limit, '+inf') + wake('absent', limit, '+inf')
