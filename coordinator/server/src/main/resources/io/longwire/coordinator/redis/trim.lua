-- Removes the oldest events of a type that every channel has finished, and those that are too old.
-- KEYS: 1 stream, 2 budget, 3 index of the partition
-- ARGV: 1 type, 2 app:type, 3 most ms of age, 4 how many at most
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

-- only what goes is read: what stays may be much, and this is asked once a second
local bms, bn = oldest, 0
if ms and (ms > bms or (ms == bms and n > bn)) then bms, bn = ms, n end
local entries = redis.call('XRANGE', KEYS[1], '-', string.format('(%.0f-%.0f', bms, bn), 'COUNT', ARGV[4])
local finished, bytes = 0, 0
for _, entry in ipairs(entries) do
    local ems, en = parts(entry[1])
    if ms and (ems < ms or (ems == ms and en < n)) then finished = finished + 1 end
    bytes = bytes + #entry[2][2] + 64
end
if #entries > 0 then
    local lms, ln = parts(entries[#entries][1])
    redis.call('XTRIM', KEYS[1], 'MINID', '=', string.format('%.0f-%.0f', lms, ln + 1))
    redis.call('HINCRBY', KEYS[2], '*', -bytes)
    redis.call('HINCRBY', KEYS[2], ARGV[1], -bytes)
elseif #groups == 0 and redis.call('XLEN', KEYS[1]) == 0 then
    redis.call('DEL', KEYS[1])
    redis.call('HDEL', KEYS[2], ARGV[1])
    redis.call('SREM', KEYS[3], ARGV[2])
    if redis.call('HLEN', KEYS[2]) == 1 then redis.call('DEL', KEYS[2]) end
end
return {finished, #entries - finished, #entries == tonumber(ARGV[4]) and 1 or 0}
