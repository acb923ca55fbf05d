-- wrk's script: METHOD FILE SKIP. FILE holds one request per line, "path<TAB>body"; {n} becomes a running number.
-- Prints one line that bench/load.py reads.
local method, requests, sent = "GET", {}, 0

function init(args)
  method, sent = args[1], tonumber(args[3])
  for line in io.lines(args[2]) do
    local path, body = line:match("^([^\t]*)\t(.*)$")
    if body == "" then body = nil end
    local numbered = path:find("{n}", 1, true) ~= nil
    requests[#requests + 1] = numbered and path or wrk.format(method, path, nil, body)
  end
end

function request()
  sent = sent + 1
  local chosen = requests[(sent - 1) % #requests + 1]
  if chosen:sub(1, 1) ~= "/" then return chosen end
  return wrk.format(method, (chosen:gsub("{n}", sent)))
end

function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration, failed,
    latency:percentile(50), latency:percentile(99)))
end
