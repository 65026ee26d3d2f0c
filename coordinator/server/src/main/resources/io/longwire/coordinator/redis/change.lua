-- Changes a channel in one partition.
-- KEYS: 1 stream, 2 the channel's state, 3 waits, 4 dead letters, 5 sleep mark, 6 bytes of the app's dead letters
-- ARGV: 1 channel, 2 0, 1 or empty: paused, 3 percent or empty: sample, 4 keep, empty or delete, 5 where to wake, 6 app:type,
--       7 type:channel
-- answers 1, 0 = there is no such channel
local there = false
if redis.call('EXISTS', KEYS[1]) == 1 then
    for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
        if group[2] == ARGV[1] then there = true end
    end
end
if not there then return 0 end
if ARGV[4] == 'delete' then
    redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])
    redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
    local dead = redis.call('HGET', KEYS[6], ARGV[7])
    if dead then
        redis.call('HINCRBY', KEYS[6], '*', -dead)
        redis.call('HDEL', KEYS[6], ARGV[7])
    end
    return 1
end
if ARGV[2] ~= '' then redis.call('HSET', KEYS[2], 'paused', ARGV[2]) end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], 'sample', ARGV[3]) end
if ARGV[4] == 'empty' then
    -- what is in flight stays with its consumers; what was asked to wait, and what was never given, goes
    redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], '$')
    local some
    repeat
        some = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 500, 'req')
        for _, one in ipairs(some) do
            redis.call('XACK', KEYS[1], ARGV[1], one[1])
            redis.call('ZREM', KEYS[3], one[1])
        end
    until #some < 500
end
redis.call('DEL', KEYS[5])
redis.call('PUBLISH', ARGV[5], 'e:' .. ARGV[6])
return 1
