-- Parks the inbox of an endpoint that was not seen for long: its messages stay in the ledger only, a marker says so.
-- KEYS: 1 inbox   ARGV: 1 now ms, 2 how long unseen ms
-- answers how many messages left Redis
local names = redis.call('HKEYS', KEYS[1])
if #names == 0 then return 0 end
local seen = tonumber(redis.call('HGET', KEYS[1], '!s') or '0')
if tonumber(ARGV[1]) - seen < tonumber(ARGV[2]) then return 0 end
local parked = 0
for _, name in ipairs(names) do
    if #name >= 8 then -- messages, their attempts and the times of those, their collapse keys
        redis.call('HDEL', KEYS[1], name)
        if #name == 8 then parked = parked + 1 end
    end
end
redis.call('HDEL', KEYS[1], '!v', '!x', '!o')
redis.call('HSET', KEYS[1], '!c', 1, '!n', 0, '!b', 0)
return parked
