-- Notes an attempt that went un-acked, or since when the app is known not to run. From the third attempt of a message
-- on, its endpoint gets nothing for a while, 30 s doubling to 30 min, and then one message at a time until it acks; the
-- same when more bytes went un-acked in an hour than it may cost. A room sends a note again whose fate it does not know:
-- an attempt is counted once, by its time. One of another room whose clock is behind may go uncounted: that costs nothing.
-- KEYS: 1 inbox   ARGV: 1 message id (8 bytes), 2 'unacked' or 'deferred', 3 ms (of the note, or since when),
--       4 attempts before the backoff, 5 first backoff ms, 6 longest backoff ms, 7 bytes an hour,
--       8 when the attempt failed, ms of its room's clock; 0 = unknown, counted in any case
-- answers attempts so far, or 0
local size = redis.call('HSTRLEN', KEYS[1], ARGV[1])
if size == 0 then return 0 end
if ARGV[2] ~= 'unacked' then
    redis.call('HSETNX', KEYS[1], '!r', ARGV[3])
    return 0
end
local at = tonumber(ARGV[8])
if at > 0 then
    if at <= tonumber(redis.call('HGET', KEYS[1], 't' .. ARGV[1]) or '0') then
        return tonumber(redis.call('HGET', KEYS[1], 'a' .. ARGV[1]) or '0')
    end
    redis.call('HSET', KEYS[1], 't' .. ARGV[1], ARGV[8])
end
local attempts = redis.call('HINCRBY', KEYS[1], 'a' .. ARGV[1], 1)
local now = tonumber(ARGV[3])
local until_ms = 0
local over = attempts - tonumber(ARGV[4])
if over >= 0 then until_ms = now + math.min(tonumber(ARGV[6]), tonumber(ARGV[5]) * 2 ^ math.min(over, 20)) end

local hour, spent = now, size
local window = redis.call('HGET', KEYS[1], '!w') -- start of the hour, bytes in it
if window then
    local began, bytes = string.match(window, '^(%d+) (%d+)$')
    if now - tonumber(began) < 3600000 then hour, spent = tonumber(began), tonumber(bytes) + size end
end
redis.call('HSET', KEYS[1], '!w', string.format('%.0f %.0f', hour, spent))
if spent > tonumber(ARGV[7]) then until_ms = math.max(until_ms, hour + 3600000) end

if until_ms > tonumber(redis.call('HGET', KEYS[1], '!d') or '0') then
    redis.call('HSET', KEYS[1], '!d', string.format('%.0f', until_ms))
end
return attempts
