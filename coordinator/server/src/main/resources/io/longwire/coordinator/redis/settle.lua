-- Says what became of an event that was given out.
-- KEYS: 1 stream, 2 waits
-- ARGV: 1 channel, 2 id, 3 fin, req or touch, 4 ms until it is given again, 5 attempt that is meant, 0 = any
-- answers 1 done, 0 it is not in flight. A fin is true whoever says it and however late; a req or touch of an attempt
-- that is over would disturb the one that is going on.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[3] == 'fin' then
    redis.call('ZREM', KEYS[2], ARGV[2])
    return redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
end
local rows = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)
local pending = not rows.err and rows[1]
if not pending or pending[2] == 'req' then return 0 end
if ARGV[5] ~= '0' and pending[4] ~= tonumber(ARGV[5]) then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if ARGV[3] == 'req' then redis.call('XCLAIM', KEYS[1], ARGV[1], 'req', 0, ARGV[2], 'JUSTID') end
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[2])
return 1
