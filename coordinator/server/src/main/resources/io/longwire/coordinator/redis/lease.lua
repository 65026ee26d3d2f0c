-- Takes, prolongs or gives back the lease of a channel in one partition.
-- KEYS: 1 the channel's state, 2 stream, 3 waits
-- ARGV: 1 me, 2 ms, 0 = give it back, 3 channel, 4 where to wake, 5 app:type:channel, 6 anew = it is taken anew even if it is
--       mine
-- answers the epoch, 0 = it is another's, -1 = there is no such channel. Each taking has a higher epoch, which the scripts
-- that give out ask for: who lost the lease gives out nothing more.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'owner', 'until', 'epoch')
local owner, ends, epoch = state[1] or '', tonumber(state[2] or '0'), tonumber(state[3] or '0')
if ARGV[2] == '0' then
    if owner == ARGV[1] then
        redis.call('HSET', KEYS[1], 'owner', '', 'until', 0)
        redis.call('PUBLISH', ARGV[4], 'i:' .. ARGV[5])
    end
    return epoch
end
if owner ~= ARGV[1] and owner ~= '' and ends > now then return 0 end
local there = false
if redis.call('EXISTS', KEYS[2]) == 1 then
    for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[2])) do
        if group[2] == ARGV[3] then there = true end
    end
end
if not there then return -1 end
if owner == ARGV[1] and ARGV[6] ~= 'anew' then
    redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
    return epoch
end
epoch = epoch + 1
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', now + ARGV[2], 'epoch', epoch)
if owner ~= '' then
    -- It died, and its streams with it, or it does not know what it was given: what streams had in flight is given again
    -- first, in its order. What a poll has is still in the hands of its caller, and waits for its time.
    local from = '-'
    while true do
        local some = redis.call('XPENDING', KEYS[2], ARGV[3], from, '+', 500, 'pull')
        for _, one in ipairs(some) do
            if owner == ARGV[1] then -- an answer was lost, and with it an attempt that nobody made
                redis.call('XCLAIM', KEYS[2], ARGV[3], 'pull', 0, one[1], 'RETRYCOUNT', math.max(0, one[4] - 1), 'JUSTID')
            end
            redis.call('ZADD', KEYS[3], now, one[1])
            from = '(' .. one[1]
        end
        if #some < 500 then break end
    end
end
return epoch
