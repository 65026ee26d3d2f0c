-- Looks into an inbox: names first, then only the values that fit. Changes nothing but the time of the look.
-- KEYS: 1 inbox
-- ARGV: 1 now ms, 2 most messages (0 = only what has expired), 3 most bytes, 4 ids not wanted, 8 bytes each
-- answers {1 if there is more, not before ms, {expired ids}, {id, value, attempts, id, value, attempts...}, 1 if parked}
local names = redis.call('HKEYS', KEYS[1])
if #names == 0 then return {0, 0, {}, {}, 0} end
local now = tonumber(ARGV[1])
local meta = redis.call('HMGET', KEYS[1], '!d', '!c', '!s')
local due = tonumber(meta[1] or '0')
local parked = meta[2] and 1 or 0
-- When the endpoint was last there, to the hour; a look for expired ones only is not the endpoint's.
if ARGV[2] ~= '0' and now - tonumber(meta[3] or '0') > 3600000 then redis.call('HSET', KEYS[1], '!s', ARGV[1]) end
if due > now then return {0, due, {}, {}, parked} end

local unwanted = {}
for at = 1, #ARGV[4], 8 do unwanted[string.sub(ARGV[4], at, at + 7)] = true end
local ids = {}
for _, name in ipairs(names) do
    if #name == 8 and not unwanted[name] then ids[#ids + 1] = struct.unpack('>d', name) end
end
table.sort(ids)

local most, bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
local more, taken, size, expired, messages = 0, 0, 0, {}, {}
for _, id in ipairs(ids) do
    local name = struct.pack('>d', id)
    if taken >= most and most > 0 then more = 1 break end
    local value = redis.call('HGET', KEYS[1], name)
    local high, low = struct.unpack('>I4I4', value)
    if high * 4294967296 + low <= now then
        expired[#expired + 1] = name
    elseif most > 0 then
        if taken > 0 and size + #value > bytes then more = 1 break end
        taken = taken + 1
        size = size + #value
        messages[#messages + 1] = name
        messages[#messages + 1] = value
        messages[#messages + 1] = tonumber(redis.call('HGET', KEYS[1], 'a' .. name) or '0')
    end
end
return {more, 0, expired, messages, parked}
