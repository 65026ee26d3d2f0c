-- Keeps receipts of an app in one partition, each once and in their order, as long as there is room for them.
-- KEYS: 1 stream, 2 budget, 3 highest number kept of each shard, 4 sleep mark, 5 last event id
-- ARGV: 1 type, 2 app:type, 3 most bytes of the type, 4 most bytes of the app, 5 where to wake, 6 ms that the numbers are
--       remembered, then shard, number and value in turns
-- answers {how many are dealt with, from the first on; how many of them are kept now}
-- Numbers of a shard come in their order, from whoever forwards them: so one at or below the highest was kept before, and
-- two who forward at once do no harm. Without a channel nothing is dealt with: whoever makes one gets it then.
if redis.call('EXISTS', KEYS[1]) == 0 or #redis.call('XINFO', 'GROUPS', KEYS[1]) == 0 then return {0, 0} end
local held = redis.call('HMGET', KEYS[2], '*', ARGV[1])
local all, own = tonumber(held[1] or '0'), tonumber(held[2] or '0')
local dealt, kept, bytes = 0, 0, 0
for i = 7, #ARGV, 3 do
    local shard, number, value = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
    if number > tonumber(redis.call('HGET', KEYS[3], shard) or '0') then
        local size = #value + 64
        if own + bytes + size > tonumber(ARGV[3]) or all + bytes + size > tonumber(ARGV[4]) then break end
        append(KEYS[5], KEYS[1], 'e', value)
        redis.call('HSET', KEYS[3], shard, ARGV[i + 1])
        bytes = bytes + size
        kept = kept + 1
    end
    dealt = dealt + 1
end
if kept > 0 then
    redis.call('PEXPIRE', KEYS[3], ARGV[6])
    redis.call('HINCRBY', KEYS[2], '*', bytes)
    redis.call('HINCRBY', KEYS[2], ARGV[1], bytes)
    if redis.call('DEL', KEYS[4]) == 1 then redis.call('PUBLISH', ARGV[5], 'e:' .. ARGV[2]) end
end
return {dealt, kept}
