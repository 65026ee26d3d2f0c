-- Puts a dead letter back for its channel alone: it waits no time, and its attempts begin anew.
-- KEYS: 1 stream, 2 waits, 3 dead letters, 4 budget, 5 sleep mark, 6 last event id of the partition, 7 bytes of the app's
--       dead letters
-- ARGV: 1 channel, 2 id among the dead letters, 3 where to wake, 4 app:type, 5 type, 6 type:channel
-- answers 1, 0 = it is not there
local dead = redis.call('XRANGE', KEYS[3], ARGV[2], ARGV[2])[1]
if not dead or redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
local there = false
for _, group in ipairs(groups) do
    if group[2] == ARGV[1] then there = true end
end
if not there then return 0 end
-- It becomes the newest event, finished for the other channels before they see it: whoever has given out everything
-- gets past it, whoever has not is given it when its turn comes, and finishes it at once.
local size = #dead[2][2] + 64
append(KEYS[6], KEYS[1], 'e', dead[2][2], 'for', ARGV[1])
redis.call('HINCRBY', KEYS[4], '*', size)
redis.call('HINCRBY', KEYS[4], ARGV[5], size)
redis.call('XDEL', KEYS[3], ARGV[2])
redis.call('HINCRBY', KEYS[7], '*', -size)
redis.call('HINCRBY', KEYS[7], ARGV[6], -size)
redis.call('DEL', KEYS[5])
redis.call('PUBLISH', ARGV[3], 'e:' .. ARGV[4])
return 1
