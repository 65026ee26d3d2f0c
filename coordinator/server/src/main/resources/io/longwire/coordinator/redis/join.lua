-- Makes a channel in one partition, if it is not there. The first channel of a type begins with what is kept, any other
-- with what comes.
-- KEYS: 1 stream, 2 budget, 3 index of the partition
-- ARGV: 1 channel, 2 type, 3 app:type, 4 most channels of a type, 5 most types of an app
-- answers 0 there already, 1 made, 2 not made: too many channels, 3 not made: too many types
local groups = 0
if redis.call('EXISTS', KEYS[1]) == 1 then
    for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
        if group[2] == ARGV[1] then return 0 end
        groups = groups + 1
    end
end
if groups >= tonumber(ARGV[4]) then return 2 end
if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then
    if redis.call('HLEN', KEYS[2]) > tonumber(ARGV[5]) then return 3 end
    redis.call('HINCRBY', KEYS[2], '*', 0)
    redis.call('HINCRBY', KEYS[2], ARGV[2], 0)
end
redis.call('SADD', KEYS[3], ARGV[3])
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], groups == 0 and '0' or '$', 'MKSTREAM')
return 1
