-- Removes a due entry if nothing was appended since it was leased; the next one's looks begin anew.
-- KEYS: 1 due set, 2 inbox   ARGV: 1 endpoint (8 bytes), 2 the score given by the lease
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
redis.call('HDEL', KEYS[2], '!k')
return redis.call('ZREM', KEYS[1], ARGV[1])
