# Sourced by ./run for --nodes: several nodes behind one port, with a private PostgreSQL and the bus's server.
# Uses java, JAR, LOG, PUBLIC_PORT, pushpin, nodes and bus of ./run, and its functions fail, logged, as_root, is_taken, require_token,
# start_pushpin, stop_pushpin, supervision, is_asked and restart_pushpin_if_asked.

readonly FIRST_NODE_PORT=8180
readonly FIRST_ADMIN_PORT=8280
readonly BALANCER_PORT=7998
readonly DATABASE_PORT=5633
readonly BUS_PORT=6579
# for how long a killed node is away
readonly AWAY_SECONDS=4

# what was started, in this order; it is stopped in reverse order
started=()

nodes_packages() {
  local packages=(postgresql nginx-light)
  [[ $bus != redis ]] || packages+=(redis-server)
  [[ $bus != nats ]] || packages+=(nats-server)
  [[ -z $pushpin ]] || packages+=(pushpin)
  printf '%s\n' "${packages[@]}"
}

require_packages() {
  command -v dpkg-query >/dev/null || fail "--nodes needs Debian's packages $(nodes_packages | paste -sd ' ')"
  missing=()
  local package
  while read -r package; do
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done < <(nodes_packages)
  ((${#missing[@]} == 0)) || logged "Installing ${missing[*]}" install_missing
}

install_missing() {
  # Debian would start the packages' own services, which would take ports and memory for nothing
  local policy=/usr/sbin/policy-rc.d made='' status=0
  if [[ ! -e $policy ]]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
  fi
  as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}" || status=$?
  [[ -z $made ]] || as_root rm -f "$policy"
  return "$status"
}

# in_background NAME COMMAND...: the command must be a program; if it is a function, only its shell is stopped
in_background() {
  local name=$1
  shift
  "$@" >>"$LOG" 2>&1 &
  started+=("$!:$name")
}

# await_port NAME PORT: waits until something listens, at most 60 s
await_port() {
  local i
  for ((i = 0; i < 300; i++)); do
    ! is_taken "$2" || return 0
    require_running
    sleep 0.2
  done
  fail "$1 does not listen on port $2 after 60 s; see $PWD/$LOG"
}

# require_running: fails if something that was started has ended
require_running() {
  local entry
  for entry in "${started[@]}"; do
    kill -0 "${entry%%:*}" 2>/dev/null || fail "${entry#*:} has ended; see $PWD/$LOG"
  done
}

# goes before PostgreSQL's commands, because PostgreSQL does not run as root
as_database_user=()
if (($(id -u) == 0)); then
  as_database_user=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi

start_database() {
  local programs data=$directory/postgresql
  programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  mkdir "$data"
  (($(id -u) != 0)) || chown postgres "$data"
  chmod 711 "$directory"
  logged 'Creating a private PostgreSQL' "${as_database_user[@]}" "$programs/initdb" -D "$data" -U eventstream -A trust -E UTF8 --locale=C
  in_background PostgreSQL "${as_database_user[@]}" "$programs/postgres" -D "$data" -p "$DATABASE_PORT" -h 127.0.0.1 -k "$data"
  await_port PostgreSQL "$DATABASE_PORT"
  until "${as_database_user[@]}" "$programs/pg_isready" -q -h 127.0.0.1 -p "$DATABASE_PORT"; do
    require_running
    sleep 0.2
  done
}

start_bus() {
  case $bus in
    redis) in_background Redis redis-server --port "$BUS_PORT" --bind 127.0.0.1 --save '' --dir "$directory" ;;
    nats) in_background NATS nats-server -a 127.0.0.1 -p "$BUS_PORT" ;;
    *) return 0 ;;
  esac
  await_port "$bus" "$BUS_PORT"
}

# settings: what all nodes share, as system properties that override config.yml
settings() {
  printf '%s\n' \
    -Ddw.database.driverClass=org.postgresql.Driver \
    -Ddw.database.user=eventstream \
    "-Ddw.database.url=jdbc:postgresql://127.0.0.1:$DATABASE_PORT/postgres" \
    "-Ddw.eventStream.publish.tokens[0]=$(<data/token)" \
    "-Ddw.eventStream.bus.type=$bus"
  case $bus in
    redis) printf '%s\n' "-Ddw.eventStream.bus.uri=redis://127.0.0.1:$BUS_PORT" ;;
    nats) printf '%s\n' "-Ddw.eventStream.bus.servers[0]=nats://127.0.0.1:$BUS_PORT" ;;
  esac
}

# start_node NUMBER
start_node() {
  local own
  mapfile -t own < <(supervision "$1" "$nodes")
  in_background "node $1" "$java" "${shared[@]}" "${own[@]}" \
    "-Ddw.server.applicationConnectors[0].port=$((FIRST_NODE_PORT + $1))" \
    "-Ddw.server.adminConnectors[0].port=$((FIRST_ADMIN_PORT + $1))" \
    -jar "$JAR" server "$config"
}

start_balancer() {
  local i listen=$PUBLIC_PORT
  [[ -z $pushpin ]] || listen=$BALANCER_PORT
  {
    printf 'daemon off;\npid %s/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n  access_log off;\n' "$directory"
    for i in client_body proxy fastcgi uwsgi scgi; do printf '  %s_temp_path %s/%s;\n' "$i" "$directory" "$i"; done
    # the node that serves a stream, for the page that shows it
    printf '  map $upstream_addr $node { ~818(\\d)$ $1; }\n'
    printf '  upstream nodes {\n'
    # with another value, nginx gives a node that has failed only one stream per fail_timeout, until one of them ends
    for ((i = 1; i <= nodes; i++)); do printf '    server 127.0.0.1:%d max_fails=0;\n' "$((FIRST_NODE_PORT + i))"; done
    printf '  }\n  server {\n    listen 127.0.0.1:%d;\n' "$listen"
    cat example-service/nodes/nginx-location.conf
    printf '  }\n}\n'
  } >"$directory/nginx.conf"
  in_background nginx nginx -c "$directory/nginx.conf" -p "$directory" -e stderr
  await_port nginx "$listen"
}

stop_nodes() {
  trap '' INT TERM
  local i process
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    process=${started[i]%%:*}
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$directory"
  [[ -z ${pushpin_process-} ]] || stop_pushpin
}

serve_nodes() {
  local i
  directory=$(mktemp -d /tmp/nodes-XXXXXX)
  requests=$directory/requests
  mkdir -m 700 "$requests"
  trap stop_nodes EXIT
  trap 'exit 130' INT TERM
  require_token
  start_database
  start_bus
  mapfile -t shared < <(settings)
  logged 'Migrating the database' "$java" "${shared[@]}" -jar "$JAR" db migrate config.yml
  if [[ -n $pushpin ]]; then
    port=$BALANCER_PORT
    start_pushpin
    started+=("$pushpin_process:Pushpin")
  fi
  for ((i = 1; i <= nodes; i++)); do start_node "$i"; done
  for ((i = 1; i <= nodes; i++)); do await_port "node $i" "$((FIRST_NODE_PORT + i))"; done
  start_balancer
  printf '\n  Open http://localhost:%d/ and try to lose an event. %d nodes share the streams, over the bus "%s".\n' \
    "$PUBLIC_PORT" "$nodes" "$bus"
  for ((i = 1; i <= nodes; i++)); do
    printf '  Node %d: http://localhost:%d/   health and metrics: http://localhost:%d/   process %s\n' \
      "$i" "$((FIRST_NODE_PORT + i))" "$((FIRST_ADMIN_PORT + i))" "$(node_process "$i")"
  done
  printf '  The log of everything is %s. Ctrl-C stops and removes it all.\n\n' "$PWD/$LOG"
  watch_nodes
}

node_process() {
  local entry
  for entry in "${started[@]}"; do
    [[ ${entry#*:} != "node $1" ]] || printf '%s' "${entry%%:*}"
  done
}

# forget NAME: removes what has ended from the list, so that its process number is not used again
forget() {
  local entry kept=()
  for entry in "${started[@]}"; do
    [[ ${entry#*:} == "$1" ]] || kept+=("$entry")
  done
  started=("${kept[@]}")
}

# watch_nodes: reports each process that ends; the others continue, and a node is started again after some seconds. Kills a node and
# restarts Pushpin if a page asks for it
watch_nodes() {
  local i entry again=()
  while true; do
    kill_nodes_if_asked
    restart_proxy_if_asked
    for entry in "${started[@]}"; do
      is_running "${entry%%:*}" || bury "${entry#*:}"
    done
    for i in "${!again[@]}"; do
      if ((SECONDS >= again[i])); then
        unset "again[$i]"
        start_node "$i"
        printf './run: node %d starts again, process %s\n' "$i" "$(node_process "$i")"
      fi
    done
    sleep 0.2
  done
}

# bury NAME: reports a process that has ended; if it was a node, watch_nodes starts it again
bury() {
  printf './run: %s has ended\n' "$1"
  forget "$1"
  [[ $1 == 'node '* ]] || return 0
  rm -f "$requests/${1/ /-}"
  again[${1#node }]=$((SECONDS + AWAY_SECONDS))
}

kill_nodes_if_asked() {
  local i process
  for ((i = 1; i <= nodes; i++)); do
    if is_asked "kill-$i"; then
      process=$(node_process "$i")
      [[ -z $process ]] || kill -KILL "$process" 2>/dev/null || true
    fi
  done
}

restart_proxy_if_asked() {
  local before=${pushpin_process-}
  restart_pushpin_if_asked
  [[ ${pushpin_process-} != "$before" ]] || return 0
  forget Pushpin
  started+=("$pushpin_process:Pushpin")
}
