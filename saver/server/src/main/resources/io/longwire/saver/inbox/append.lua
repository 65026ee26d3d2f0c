-- Puts a message into an inbox. Idempotent: a message that is there is left as it is.
-- KEYS: 1 inbox, 2 due set, 3 mark of the slot, 4 gone set, 5 (FAST only) messages that are in no ledger yet
-- ARGV: 1 message id (8 bytes), 2 value, 3 now ms, 4 expiry ms, 5 most messages, 6 most bytes,
--       7 when full: 0 the oldest go, 1 refuse, 2 those with a collapse key go first, 8 endpoint (8 bytes),
--       9 ms until due, 10 replication id, 11 1 = by a repair, which leaves the mark alone,
--       12 the field of its collapse key, or empty
-- answers {verdict, {ids that overflow}, {id, the newer one that collapsed it, ...}}: what is named is still there, to
--       be ended and then removed by the caller; what is collapsed is named again until then, and never fetched.
--       verdict: 0 there already, 1 appended, 2 refused: full, 3 refused: gone, 4 refused: twice full,
--       5 not appended: collapsed by a newer one that is there
if redis.call('SISMEMBER', KEYS[4], ARGV[8]) == 1 then return {3, {}, {}} end

local function pairs_of(pending)
    local flat = {}
    for at = 1, #pending, 8 do flat[#flat + 1] = string.sub(pending, at, at + 7) end
    return flat
end
-- As a double, a positive big-endian integer keeps its order exactly.
local function number(id) return (struct.unpack('>d', id)) end

local keyed = ARGV[12] ~= ''
local there
if keyed then
    there = redis.call('HMGET', KEYS[1], ARGV[1], '!n', '!b', '!v', ARGV[12], '!x')
else
    there = redis.call('HMGET', KEYS[1], ARGV[1], '!n', '!b', '!v')
end
local pending = there[4] or ''
if there[1] then return {0, {}, pairs_of(pending)} end

local newest = keyed and there[5]
if newest then
    if number(newest) > number(ARGV[1]) then return {5, {}, {ARGV[1], newest}} end
    pending = pending .. newest .. ARGV[1]
end

local n = tonumber(there[2] or '0') + 1
local b = tonumber(there[3] or '0') + #ARGV[2]
local most, bytes = tonumber(ARGV[5]), tonumber(ARGV[6])
local stay, weight, leaving = n, b, {}
for at = 1, #pending, 16 do
    local id = string.sub(pending, at, at + 7)
    leaving[id] = true
    stay = stay - 1
    weight = weight - redis.call('HSTRLEN', KEYS[1], id)
end
local over = stay > most or weight > bytes
if over and ARGV[7] == '1' then return {2, {}, {}} end
if n > 2 * most + 1 or (n > 2 * most and over) or b > 2 * bytes then return {4, {}, pairs_of(there[4] or '')} end
if keyed then
    local keys = tonumber(there[6] or '0') + (newest and 0 or 1)
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], '!n', n, '!b', b, ARGV[12], ARGV[1], '!x', keys)
    if pending ~= '' then redis.call('HSET', KEYS[1], '!v', pending) end
else
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], '!n', n, '!b', b)
end

if KEYS[5] then redis.call('ZADD', KEYS[5], ARGV[3], ARGV[8] .. ARGV[1]) end

local now, expiry = tonumber(ARGV[3]), tonumber(ARGV[4])
local left = redis.call('PTTL', KEYS[1]) -- the first message of a parked inbox may be the only one here: ask always
if left < 0 or now + left < expiry then redis.call('PEXPIREAT', KEYS[1], ARGV[4]) end

-- Lowering the score by 1 ms makes a look that was leased before this append unable to remove the entry. An entry
-- that no look has leased yet waits for a message that may wait longer: then this one's time counts.
local due = now + tonumber(ARGV[9])
if redis.call('ZADD', KEYS[2], 'NX', due, ARGV[8]) == 0 then
    local score = tonumber(redis.call('ZINCRBY', KEYS[2], -1, ARGV[8]))
    if score > due and redis.call('HEXISTS', KEYS[1], '!k') == 0 then redis.call('ZADD', KEYS[2], due, ARGV[8]) end
end

-- The mark says how far this very data set got: it moves only if it was made on this replication id, so a wiped or
-- outdated Redis keeps an honest (or no) mark until a repair is through.
if ARGV[11] ~= '1' then
    local mark = redis.call('GET', KEYS[3])
    if mark and string.sub(mark, 1, #ARGV[10]) == ARGV[10] and tonumber(string.sub(mark, #ARGV[10] + 2)) < now then
        redis.call('SET', KEYS[3], ARGV[10] .. ' ' .. ARGV[3])
    end
end

-- Who overflows is named once, and again only if still there 2 s after: while the ends are on their way, each further
-- append would otherwise name all of them again, and the ledger would be asked for them as often. The list of the named
-- (!o: since when, then their ids) is a note alone: what has left is passed over, and without the list all are named.
local victims = {}
if over then
    local named = redis.call('HGET', KEYS[1], '!o')
    if named and now - struct.unpack('>d', named) < 2000 then
        local there = string.sub(named, 1, 8)
        for at = 9, #named, 8 do
            local id = string.sub(named, at, at + 7)
            local size = leaving[id] and 0 or redis.call('HSTRLEN', KEYS[1], id)
            if size > 0 then
                leaving[id] = true
                stay = stay - 1
                weight = weight - size
                there = there .. id
            end
        end
        named = there
    else
        named = struct.pack('>d', now)
    end

    local function name_oldest(ids)
        table.sort(ids) -- with a comparison of ours it takes five times as long
        for _, id in ipairs(ids) do
            if stay <= most and weight <= bytes then return end
            local name = struct.pack('>d', id)
            leaving[name] = true
            stay = stay - 1
            weight = weight - redis.call('HSTRLEN', KEYS[1], name)
            victims[#victims + 1] = name
        end
    end
    if stay > most or weight > bytes then
        local ids, fields = {}, {}
        for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
            if #name == 8 then
                if name ~= ARGV[1] and not leaving[name] then ids[#ids + 1] = number(name) end
            elseif ARGV[7] == '2' and string.sub(name, 1, 1) == 'k' then
                fields[#fields + 1] = name
            end
        end
        if #fields > 0 then
            local first = {}
            for _, id in ipairs(redis.call('HMGET', KEYS[1], unpack(fields))) do
                if id ~= ARGV[1] and not leaving[id] then first[#first + 1] = number(id) end
            end
            name_oldest(first)
            local others = {}
            for _, id in ipairs(ids) do
                if not leaving[struct.pack('>d', id)] then others[#others + 1] = id end
            end
            ids = others
        end
        name_oldest(ids)
        redis.call('HSET', KEYS[1], '!o', named .. table.concat(victims))
    end
end
return {1, victims, pairs_of(pending)}
