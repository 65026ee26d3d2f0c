-- How the channels of a type stand in one partition.
-- KEYS: 1 stream
-- ARGV: 1 how many to count at most, 2 key of a channel's state without the channel, 3 the same of its dead letters, 4 key of
--       the bytes of the app's dead letters, 5 type and a colon
-- answers {channel, waiting, in flight, delayed, dead, ms of the oldest or 0, paused, sample, bytes of the dead, ...}
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
local answer = {}
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local channel = group[2]
    local waiting = redis.call('XRANGE', KEYS[1], '(' .. group[8], '+', 'COUNT', ARGV[1])
    local delayed, oldest = 0, waiting[1] and waiting[1][1]
    if group[6] > 0 then
        oldest = redis.call('XPENDING', KEYS[1], channel)[2]
        for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], channel)) do
            if consumer[2] == 'req' then delayed = consumer[4] end
        end
    end
    local state = redis.call('HMGET', ARGV[2] .. channel, 'paused', 'sample')
    local row = {channel, #waiting, group[6] - delayed, delayed, redis.call('XLEN', ARGV[3] .. channel),
        tonumber(oldest and string.match(oldest, '(%d+)-') or '0'), tonumber(state[1] or '0'), state[2] or '100',
        tonumber(redis.call('HGET', ARGV[4], ARGV[5] .. channel) or '0')}
    for _, value in ipairs(row) do answer[#answer + 1] = value end
end
return answer
