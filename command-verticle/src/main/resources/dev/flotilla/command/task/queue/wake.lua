-- Something has changed about the instances: parked lines try again. ARGV: limit.
return wake(tonumber(ARGV[1]), '+inf')
