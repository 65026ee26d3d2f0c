-- Notes an attempt that went un-acked, or since when the app is known not to run.
-- KEYS: 1 inbox   ARGV: 1 message id (8 bytes), 2 'unacked' or 'deferred', 3 ms
-- answers attempts so far, or 0
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if ARGV[2] == 'unacked' then return redis.call('HINCRBY', KEYS[1], 'a' .. ARGV[1], 1) end
redis.call('HSETNX', KEYS[1], '!r', ARGV[3])
return 0
