-- Leases a due endpoint for a look: the score becomes the time of the next one, 20 s doubling to 30 min.
-- KEYS: 1 due set, 2 inbox   ARGV: 1 endpoint (8 bytes), 2 now ms, 3 first backoff ms, 4 longest backoff ms
-- answers the new score in ms, 0 = not due (leased by another), -1 = nothing waits there, removed
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local now = tonumber(ARGV[2])
if not score or tonumber(score) > now then return 0 end
if redis.call('EXISTS', KEYS[2]) == 0 then
    redis.call('ZREM', KEYS[1], ARGV[1])
    return -1
end
local looks = redis.call('HINCRBY', KEYS[2], '!k', 1)
local backoff = tonumber(ARGV[4])
if looks < 16 then backoff = math.min(backoff, tonumber(ARGV[3]) * 2 ^ (looks - 1)) end
redis.call('ZADD', KEYS[1], now + backoff, ARGV[1])
return now + backoff
