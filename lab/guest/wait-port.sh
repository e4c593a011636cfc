# wait-port.sh PORT: returns once a server of this guest listens there.
tries=0
until ss -Hltn "sport = :$1" 2>/dev/null | grep -q .; do
  tries=$((tries + 1))
  [ $tries -gt 200 ] && echo "nobody listens at port $1" && exit 1
  sleep 0.05
done
