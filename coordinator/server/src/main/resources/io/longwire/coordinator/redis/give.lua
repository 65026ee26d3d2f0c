-- Gives out events of a channel in one partition: first those whose time has come again, then new ones, each in the
-- order of their ids.
-- KEYS: 1 stream, 2 waits, 3 the channel's state, 4 sleep mark, 5 dead letters, 6 bytes of the app's dead letters
-- ARGV: 1 channel, 2 epoch, 3 how many, 4 ms in flight, 5 most attempts, 6 pull or poll, 7 most dead letters of the channel,
--       8 most bytes of the app's, 9 type:channel
-- answers {verdict, ms until the next one that waits or -1, died, lost, {id, attempt, value, ...}, dead letters that went
--       because there were too many, and because they were too large together}
--       verdict: 0 there may be more, 1 nothing more for now, 2 paused, 3 the lease is another's
-- What is pending in the group is what was given out and is not finished; its consumer says how: pull, poll, or req for
-- one that was asked to wait. The waits say when each is given again.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local state = redis.call('HMGET', KEYS[3], 'epoch', 'paused', 'sample')
if tonumber(state[1] or '0') ~= tonumber(ARGV[2]) then return {3, -1, 0, 0, {}, 0, 0} end
if state[2] == '1' then return {2, -1, 0, 0, {}, 0, 0} end

local channel, want, by = ARGV[1], tonumber(ARGV[3]), ARGV[6]
local given, died, lost, pushed, squeezed = {}, 0, 0, 0, 0
local function give(id, attempt, value)
    redis.call('ZADD', KEYS[2], now + ARGV[4], id)
    given[#given + 1] = id
    given[#given + 1] = attempt
    given[#given + 1] = value
end
local function forget(id)
    redis.call('XACK', KEYS[1], channel, id)
    redis.call('ZREM', KEYS[2], id)
end
local function buried(bytes)
    redis.call('HINCRBY', KEYS[6], ARGV[9], bytes)
    return redis.call('HINCRBY', KEYS[6], '*', bytes)
end
local function exhume()
    local oldest = redis.call('XRANGE', KEYS[5], '-', '+', 'COUNT', 1)[1]
    if not oldest then return false end
    redis.call('XDEL', KEYS[5], oldest[1])
    buried(-(#oldest[2][2] + 64))
    return true
end
-- The oldest of the channel go for a new one. If the other channels of the app have so much that even all of them are not
-- enough, the new one is not kept.
local function bury(id, attempts)
    local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
    if entry then
        local size = #entry[2][2] + 64
        died = died + 1
        while redis.call('XLEN', KEYS[5]) >= tonumber(ARGV[7]) and exhume() do pushed = pushed + 1 end
        while tonumber(redis.call('HGET', KEYS[6], '*') or '0') + size > tonumber(ARGV[8]) and exhume() do
            squeezed = squeezed + 1
        end
        if tonumber(redis.call('HGET', KEYS[6], '*') or '0') + size <= tonumber(ARGV[8]) then
            redis.call('XADD', KEYS[5], '*', 'e', entry[2][2], 'i', id, 'n', attempts)
            buried(size)
        else
            squeezed = squeezed + 1
        end
    else
        lost = lost + 1
    end
    forget(id)
end

-- Equal scores lie in the order of their text, in which 10 comes before 9: the first by id are found among all that are
-- due.
local again = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, want + 1)
local more = #again > want
if more then again = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 5000) end
table.sort(again, function(a, b)
    local am, an = string.match(a, '(%d+)-(%d+)')
    local bm, bn = string.match(b, '(%d+)-(%d+)')
    if am ~= bm then return tonumber(am) < tonumber(bm) end
    return tonumber(an) < tonumber(bn)
end)
for at, id in ipairs(again) do
    if at > want then break end
    local pending = redis.call('XPENDING', KEYS[1], channel, id, id, 1)[1]
    if not pending then
        redis.call('ZREM', KEYS[2], id)
    elseif pending[4] >= tonumber(ARGV[5]) then
        bury(id, pending[4])
    else
        local entry = redis.call('XCLAIM', KEYS[1], channel, by, 0, id)[1]
        if entry then
            give(id, pending[4] + 1, entry[2][2])
        else
            lost = lost + 1
            forget(id)
        end
    end
end

local verdict = 0
local sample = tonumber(state[3] or '100')
for _ = 1, 10 do
    local left = want - #given / 3
    if left <= 0 or more then break end
    local fresh = redis.call('XREADGROUP', 'GROUP', channel, by, 'COUNT', left, 'STREAMS', KEYS[1], '>')
    if not fresh then
        if #again < want then
            redis.call('SET', KEYS[4], 1, 'PX', 60000)
            verdict = 1
        end
        break
    end
    for _, entry in ipairs(fresh[1][2]) do
        local raised = entry[2][4] -- a dead letter that was put back is for its channel alone, whatever is sampled
        local skipped = raised and raised ~= channel
        if not raised and sample < 100 then
            skipped = tonumber(string.sub(redis.sha1hex(entry[1]), 1, 6), 16) / 167772.16 >= sample
        end
        if skipped then
            redis.call('XACK', KEYS[1], channel, entry[1])
        else
            give(entry[1], 1, entry[2][2])
        end
    end
end
local next = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
return {verdict, next[2] and math.max(0, next[2] - now) or -1, died, lost, given, pushed, squeezed}
