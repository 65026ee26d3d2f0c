-- Takes ended messages out of an inbox; an inbox without messages goes, and its due entry with it, unless it is parked:
-- then the ledger may have more. Idempotent.
-- KEYS: 1 inbox, 2 due set
-- ARGV: 1 endpoint (8 bytes), 2 1 = the app runs (an ack), then message ids
-- answers how many were there
local removed, freed = 0, 0
for i = 3, #ARGV do
    local size = redis.call('HSTRLEN', KEYS[1], ARGV[i])
    if size > 0 then
        redis.call('HDEL', KEYS[1], ARGV[i], 'a' .. ARGV[i])
        removed = removed + 1
        freed = freed + size
    end
end
local counts = redis.call('HMGET', KEYS[1], '!n', '!b', '!c')
local n = tonumber(counts[1] or '0') - removed
if n <= 0 and not counts[3] then
    redis.call('DEL', KEYS[1])
    redis.call('ZREM', KEYS[2], ARGV[1])
elseif removed > 0 then
    redis.call('HSET', KEYS[1], '!n', n, '!b', tonumber(counts[2] or '0') - freed)
end
if ARGV[2] == '1' and (n > 0 or counts[3]) then redis.call('HDEL', KEYS[1], '!r') end
return removed
