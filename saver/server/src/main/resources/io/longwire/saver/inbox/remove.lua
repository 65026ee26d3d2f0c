-- Takes ended messages out of an inbox; an inbox without messages goes, and its due entry with it, unless it is parked:
-- then the ledger may have more. Idempotent.
-- KEYS: 1 inbox, 2 due set
-- ARGV: 1 endpoint (8 bytes), 2 1 = the app runs (an ack), then message ids
-- answers how many were there
local counts = redis.call('HMGET', KEYS[1], '!n', '!b', '!c', '!v', '!x')
local removed, freed, keys = 0, 0, tonumber(counts[5] or '0')
for i = 3, #ARGV do
    local size = redis.call('HSTRLEN', KEYS[1], ARGV[i])
    if size > 0 then
        if keys > 0 then -- some messages have a collapse key: this one's leaves with it, if it is the newest of it
            local value = redis.call('HGET', KEYS[1], ARGV[i])
            if string.byte(value, 13) % 2 == 1 then
                local field = 'k' .. string.sub(value, 14, 21)
                if redis.call('HGET', KEYS[1], field) == ARGV[i] then
                    redis.call('HDEL', KEYS[1], field)
                    keys = keys - 1
                end
            end
        end
        redis.call('HDEL', KEYS[1], ARGV[i], 'a' .. ARGV[i], 't' .. ARGV[i])
        removed = removed + 1
        freed = freed + size
    end
end
local n = tonumber(counts[1] or '0') - removed
if n <= 0 and not counts[3] then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
    return removed
end
if removed > 0 then
    redis.call('HSET', KEYS[1], '!n', n, '!b', tonumber(counts[2] or '0') - freed)
    if counts[5] then
        if keys > 0 then redis.call('HSET', KEYS[1], '!x', keys) else redis.call('HDEL', KEYS[1], '!x') end
    end
    if counts[4] then
        local rest = ''
        for at = 1, #counts[4], 16 do
            local pair = string.sub(counts[4], at, at + 15)
            if redis.call('HEXISTS', KEYS[1], string.sub(pair, 1, 8)) == 1 then rest = rest .. pair end
        end
        if rest ~= '' then redis.call('HSET', KEYS[1], '!v', rest) else redis.call('HDEL', KEYS[1], '!v') end
    end
end
if ARGV[2] == '1' then redis.call('HDEL', KEYS[1], '!r', '!d', '!w') end
return removed
