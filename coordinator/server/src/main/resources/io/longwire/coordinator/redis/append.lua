-- Stands before the scripts that add events. Appends an event to a stream, under an id that no other event of the
-- partition has, of whatever app and type: consumers tell doubles by it. Answers the id.
-- The counter has the last id given. A stream that is ahead of it was filled before there was one, and takes it along.
local function append(counter, stream, ...)
    local t = redis.call('TIME')
    local ms, n = t[1] * 1000 + math.floor(t[2] / 1000), 0
    local function above(id)
        local lms, ln = string.match(id, '(%d+)-(%d+)')
        if tonumber(lms) >= ms then ms, n = tonumber(lms), ln + 1 end
    end
    above(redis.call('GET', counter) or '0-0')
    local id = string.format('%.0f-%.0f', ms, n)
    if redis.pcall('XADD', stream, id, ...) ~= id then
        local info = redis.call('XINFO', 'STREAM', stream)
        for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then above(info[i + 1]) end
        end
        id = string.format('%.0f-%.0f', ms, n)
        redis.call('XADD', stream, id, ...)
    end
    redis.call('SET', counter, id)
    return id
end
