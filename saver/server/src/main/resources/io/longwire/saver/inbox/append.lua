-- Puts a message into an inbox. Idempotent: a message that is there is left as it is.
-- KEYS: 1 inbox, 2 due set, 3 mark of the slot, 4 gone set
-- ARGV: 1 message id (8 bytes), 2 value, 3 now ms, 4 expiry ms, 5 most messages, 6 most bytes, 7 1 = reject_new,
--       8 endpoint (8 bytes), 9 ms until due, 10 replication id, 11 1 = by a repair, which leaves the mark alone
-- answers {0} there already, {1, ids to end...} appended, {2} refused: full, {3} refused: gone, {4} refused: twice full
if redis.call('SISMEMBER', KEYS[4], ARGV[8]) == 1 then return {3} end
local there = redis.call('HMGET', KEYS[1], ARGV[1], '!n', '!b')
if there[1] then return {0} end
local n = tonumber(there[2] or '0') + 1
local b = tonumber(there[3] or '0') + #ARGV[2]
local most, bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
if n > most or b > bytes then
    if ARGV[7] == '1' then return {2} end
    if n > 2 * most or b > 2 * bytes then return {4} end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], '!n', n, '!b', b)

local now, expiry = tonumber(ARGV[3]), tonumber(ARGV[4])
local left = n > 1 and redis.call('PTTL', KEYS[1]) or -1
if left < 0 or now + left < expiry then redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end

-- Lowering the score by 1 ms makes a look that was leased before this append unable to remove the entry.
if redis.call('ZADD', KEYS[2], 'NX', now + tonumber(ARGV[9]), ARGV[8]) == 0 then
    redis.call('ZINCRBY', KEYS[2], -1, ARGV[8])
end

-- The mark says how far this very data set got: it moves only if it was made on this replication id, so a wiped or
-- outdated Redis keeps an honest (or no) mark until a repair is through.
if ARGV[11] ~= '1' then
    local mark = redis.call('GET', KEYS[3])
    if mark and string.sub(mark, 1, #ARGV[10]) == ARGV[10] and tonumber(string.sub(mark, #ARGV[10] + 2)) < now then
        redis.call('SET', KEYS[3], ARGV[10] .. ' ' .. ARGV[3])
    end
end

local answer = {1}
if n > most or b > bytes then
    -- As a double, a positive big-endian integer keeps its order exactly.
    local ids = {}
    for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
        if #name == 8 and name ~= ARGV[1] then ids[#ids + 1] = struct.unpack('>d', name) end
    end
    table.sort(ids)
    for _, id in ipairs(ids) do
        if n <= most and b <= bytes then break end
        local name = struct.pack('>d', id)
        n = n - 1
        b = b - redis.call('HSTRLEN', KEYS[1], name)
        answer[#answer + 1] = name
    end
end
return answer
