-- The last id that a stream gave, whether the event is still there or not.
-- KEYS: 1 stream
-- answers {id}, or nothing where the stream has no channel
if redis.call('EXISTS', KEYS[1]) == 0 or #redis.call('XINFO', 'GROUPS', KEYS[1]) == 0 then return {} end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return {info[i + 1]} end
end
return {}
