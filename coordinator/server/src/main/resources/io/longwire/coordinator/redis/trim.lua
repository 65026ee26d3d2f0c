-- Removes the oldest events of a type that every channel has finished, and those that are too old.
-- KEYS: 1 stream, 2 budget, 3 index of the partition
-- ARGV: 1 type, 2 app:type, 3 most ms of age, 4 how many to look at
-- answers {finished, too old, 1 = there may be more}
local t = redis.call('TIME')
local oldest = t[1] * 1000 + math.floor(t[2] / 1000) - ARGV[3]
local function parts(id)
    local ms, n = string.match(id, '(%d+)-(%d+)')
    return tonumber(ms), tonumber(n)
end
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('SREM', KEYS[3], ARGV[2])
    return {0, 0, 0}
end

-- below this one everything is finished by all; without a channel nothing is
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
local ms, n
for _, group in ipairs(groups) do
    local gms, gn
    if group[6] > 0 then
        gms, gn = parts(redis.call('XPENDING', KEYS[1], group[2])[2])
    else
        gms, gn = parts(group[8])
        gn = gn + 1
    end
    if not ms or gms < ms or (gms == ms and gn < n) then ms, n = gms, gn end
end

local finished, old, bytes, first, last = 0, 0, 0, nil, nil
local entries = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[4])
for _, entry in ipairs(entries) do
    local ems, en = parts(entry[1])
    if ms and (ems < ms or (ems == ms and en < n)) then
        finished = finished + 1
    elseif ems < oldest then
        old = old + 1
    else
        first = entry[1]
        break
    end
    bytes = bytes + #entry[2][2] + 64
    last = entry[1]
end
if last then
    if not first then
        local lms, ln = string.match(last, '(%d+)-(%d+)')
        first = lms .. '-' .. string.format('%.0f', tonumber(ln) + 1)
    end
    redis.call('XTRIM', KEYS[1], 'MINID', '=', first)
    redis.call('HINCRBY', KEYS[2], '*', -bytes)
    redis.call('HINCRBY', KEYS[2], ARGV[1], -bytes)
elseif #entries == 0 and #groups == 0 then
    redis.call('DEL', KEYS[1])
    redis.call('HDEL', KEYS[2], ARGV[1])
    redis.call('SREM', KEYS[3], ARGV[2])
    if redis.call('HLEN', KEYS[2]) == 1 then redis.call('DEL', KEYS[2]) end
end
return {finished, old, #entries == tonumber(ARGV[4]) and finished + old == #entries and 1 or 0}
