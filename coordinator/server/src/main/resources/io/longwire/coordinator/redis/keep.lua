-- Keeps an uplink once.
-- KEYS: 1 stream, 2 budget, 3 seen by this endpoint, 4 sleep mark, 5 index of the partition, 6 last event id
-- ARGV: 1 seq, 2 value, 3 most bytes, 4 most types, 5 type, 6 ms that the endpoint is remembered, 7 app:type,
--       8 where to wake
-- answers 0 kept before, 1 kept now, 2 not kept: full, 3 not kept: too many types
-- What is seen: the highest seq (a double), then a ring of 256 bits for it and the ones below. One that is further below
-- is kept again rather than guessed to be known: a consumer sees it twice, nobody loses it.
local WINDOW = 256
local seq = tonumber(ARGV[1])
local seen = redis.call('GETRANGE', KEYS[3], 0, 7)
local highest = seen ~= '' and struct.unpack('>d', seen) or 0
if seen ~= '' and seq <= highest and seq > highest - WINDOW
        and redis.call('GETBIT', KEYS[3], 64 + seq % WINDOW) == 1 then
    redis.call('PEXPIRE', KEYS[3], ARGV[6])
    return 0
end

local size = #ARGV[2] + 64
local held = redis.call('HMGET', KEYS[2], '*', ARGV[5])
if tonumber(held[1] or '0') + size > tonumber(ARGV[3]) then return 2 end
if not held[2] then
    if redis.call('HLEN', KEYS[2]) > tonumber(ARGV[4]) then return 3 end
    redis.call('SADD', KEYS[5], ARGV[7])
end
redis.call('HINCRBY', KEYS[2], '*', size)
redis.call('HINCRBY', KEYS[2], ARGV[5], size)
append(KEYS[6], KEYS[1], 'e', ARGV[2])

if seen == '' then
    redis.call('SET', KEYS[3], struct.pack('>d', seq) .. string.rep('\0', WINDOW / 8))
elseif seq - highest >= WINDOW then
    redis.call('SETRANGE', KEYS[3], 0, struct.pack('>d', seq) .. string.rep('\0', WINDOW / 8))
elseif seq > highest then
    redis.call('SETRANGE', KEYS[3], 0, struct.pack('>d', seq))
    for between = highest + 1, seq - 1 do redis.call('SETBIT', KEYS[3], 64 + between % WINDOW, 0) end
end
if seq > highest - WINDOW then redis.call('SETBIT', KEYS[3], 64 + seq % WINDOW, 1) end
redis.call('PEXPIRE', KEYS[3], ARGV[6])

if redis.call('DEL', KEYS[4]) == 1 then redis.call('PUBLISH', ARGV[8], 'e:' .. ARGV[7]) end
return 1
