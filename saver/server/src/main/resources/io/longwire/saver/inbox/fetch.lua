-- Looks into an inbox: names first, then only the values that fit. Changes nothing but the time of the look.
-- KEYS: 1 inbox
-- ARGV: 1 now ms, 2 most messages (0 = only what is to be ended), 3 most bytes, 4 ids not wanted, 8 bytes each
-- answers {1 if there is more, not before ms, {expired ids}, {id, value, attempts, id, value, attempts...}, 1 if parked,
--       {id, the newer one that collapsed it, ...}}
local names = redis.call('HKEYS', KEYS[1])
if #names == 0 then return {0, 0, {}, {}, 0, {}} end
local now = tonumber(ARGV[1])
local meta = redis.call('HMGET', KEYS[1], '!d', '!c', '!s', '!v')
local due = tonumber(meta[1] or '0')
local parked = meta[2] and 1 or 0
-- When the endpoint was last there, to the hour; a look for what is to be ended only is not the endpoint's.
if ARGV[2] ~= '0' and now - tonumber(meta[3] or '0') > 3600000 then redis.call('HSET', KEYS[1], '!s', ARGV[1]) end
local most, bytes = tonumber(ARGV[2]), tonumber(ARGV[3])
if due > now and most > 0 then return {0, due, {}, {}, parked, {}} end

local unwanted, collapsed = {}, {}
for at = 1, #ARGV[4], 8 do unwanted[string.sub(ARGV[4], at, at + 7)] = true end
if meta[4] then
    for at = 1, #meta[4], 8 do collapsed[#collapsed + 1] = string.sub(meta[4], at, at + 7) end
    for at = 1, #collapsed, 2 do unwanted[collapsed[at]] = true end
end
local ids, waiting = {}, 0
for _, name in ipairs(names) do
    if #name == 8 then
        if not unwanted[name] then ids[#ids + 1] = struct.unpack('>d', name) else waiting = waiting + 1 end
    end
end
local again = 0
if due > 0 and most > 0 then
    -- A probe of an endpoint that does not ack: one message at a time, the one that was tried least. Its ack ends the
    -- probing; what is left is asked for again in 5 s.
    if waiting + #ids > 1 + #collapsed / 2 then again = now + 5000 end
    if waiting > #collapsed / 2 then return {0, again, {}, {}, parked, collapsed} end
    most = 1
    local tries = {}
    for _, id in ipairs(ids) do tries[id] = tonumber(redis.call('HGET', KEYS[1], 'a' .. struct.pack('>d', id)) or '0') end
    table.sort(ids, function(a, b) return tries[a] < tries[b] or (tries[a] == tries[b] and a < b) end)
else
    table.sort(ids)
end

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
if again > 0 then more = 0 end
return {more, again, expired, messages, parked, collapsed}
