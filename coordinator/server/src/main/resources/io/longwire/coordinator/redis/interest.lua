-- Says who has consumers of a channel.
-- KEYS: 1 the interested
-- ARGV: 1 me, 2 ms that it holds, 0 = not any more, 3 where to wake, 4 app:type:channel
-- answers the instances that are interested now; who comes or goes wakes the others
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local changed
if ARGV[2] == '0' then
    changed = redis.call('ZREM', KEYS[1], ARGV[1])
else
    changed = redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
if changed == 1 then redis.call('PUBLISH', ARGV[3], 'i:' .. ARGV[4]) end
return redis.call('ZRANGE', KEYS[1], 0, -1)
