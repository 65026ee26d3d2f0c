-- Keeps a chunk of presence events, whole and once, each in the stream of its app, if that has a channel.
-- KEYS: 1 the rooms that told something here, 2 index of the partition, 3 last event id
-- ARGV: 1 the room's incarnation, 2 number of the chunk, 3 tell, revive, close or lost, 4 start of the keys of streams, 5 of
--       budgets, 6 of sleep marks, 7 type, 8 most bytes of the type, 9 most bytes of an app, 10 where to wake,
--       11 value of a resync, then app and value in turns; app 0 = every app that has a channel; lost: one app alone,
--       whose resync is kept if something of it was lost and there is room now
-- answers {0 known before, 1 kept, 2 the incarnation is closed; how many were kept, how many had no room, the apps
-- without a channel ...}
-- A field of KEYS[1]: incarnation -> highest number kept, or g and the ms at which it was closed: nothing of it is kept
-- any more. lost:APP -> the incarnation that told what had no room, since the last event of the app. Values come without their app, which is
-- appended here: field 2 of an uplink.
local t = redis.call('TIME')
local had = redis.call('HGET', KEYS[1], ARGV[1])
local closed = had and string.sub(had, 1, 1) == 'g'
local lost = ARGV[3] == 'lost'
if closed and not lost and ARGV[3] ~= 'revive' then return {ARGV[3] == 'close' and 0 or 2, 0, 0} end
if ARGV[3] == 'close' then
    redis.call('HSET', KEYS[1], ARGV[1], string.format('g%.0f', t[1] * 1000 + math.floor(t[2] / 1000)))
elseif not lost then
    if had and not closed and tonumber(ARGV[2]) <= tonumber(had) then return {0, 0, 0} end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end

local type, kept, dropped, listened, answer = ARGV[7], 0, 0, {}, {}
local function listens(app)
    if listened[app] == nil then
        local stream = ARGV[4] .. app .. ':' .. type
        listened[app] = redis.call('EXISTS', stream) == 1 and #redis.call('XINFO', 'GROUPS', stream) > 0
        if not listened[app] then answer[#answer + 1] = app end
    end
    return listened[app]
end
local function varint(n)
    local bytes = ''
    while n >= 128 do
        bytes = bytes .. string.char(n % 128 + 128)
        n = math.floor(n / 128)
    end
    return bytes .. string.char(n)
end
local function add(app, value)
    local whole = value .. '\16' .. varint(tonumber(app))
    redis.call('HINCRBY', ARGV[5] .. app, '*', #whole + 64)
    redis.call('HINCRBY', ARGV[5] .. app, type, #whole + 64)
    append(KEYS[3], ARGV[4] .. app .. ':' .. type, 'e', whole)
    if redis.call('DEL', ARGV[6] .. app .. ':' .. type) == 1 then
        redis.call('PUBLISH', ARGV[10], 'e:' .. app .. ':' .. type)
    end
    kept = kept + 1
end
local function fits(app, value)
    local held = redis.call('HMGET', ARGV[5] .. app, '*', type)
    local size = #value + 80
    return tonumber(held[1] or '0') + size <= tonumber(ARGV[9])
        and tonumber(held[2] or '0') + size <= tonumber(ARGV[8])
end
local function tell(app, value, must)
    if not listens(app) then return end
    if not must then
        if not fits(app, value) then
            redis.call('HSET', KEYS[1], 'lost:' .. app, ARGV[1])
            dropped = dropped + 1
            return
        end
        if redis.call('HDEL', KEYS[1], 'lost:' .. app) == 1 then add(app, ARGV[11]) end
    end
    add(app, value)
end

if lost then
    local app = ARGV[12]
    local here = listens(app)
    if (not here or fits(app, ARGV[11])) and redis.call('HDEL', KEYS[1], 'lost:' .. app) == 1 and here then
        add(app, ARGV[11])
    end
    return {1, kept, 0}
end
local all
for i = 12, #ARGV, 2 do
    if ARGV[i] ~= '0' then
        tell(ARGV[i], ARGV[i + 1], false)
    else
        all = all or redis.call('SMEMBERS', KEYS[2])
        for _, kind in ipairs(all) do
            local app, of = string.match(kind, '^(%d+):(.*)$')
            if of == type then tell(app, ARGV[i + 1], true) end
        end
    end
end
return {1, kept, dropped, unpack(answer)}
