-- Removes a due entry if nothing was appended since it was leased.
-- KEYS: 1 due set   ARGV: 1 endpoint (8 bytes), 2 the score given by the lease
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if score and tonumber(score) == tonumber(ARGV[2]) then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0
