#!/bin/sh
# Runs PostgreSQL with DocumentDB out of a folder that holds a whole Debian: postgresql.sh FOLDER PORT.
# Meant for namespaces of its own (server.ts): what is mounted and started here is gone with them,
# however they end. Says "ready" when it can be used; the data lives in memory.
set -eu
root=$1 port=$2
bin=/usr/lib/postgresql/18/bin
home=/var/lib/postgresql

mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root$home"
chroot "$root" chown postgres:postgres $home

as_postgres() {
  chroot "$root" setpriv --reuid=postgres --regid=postgres --clear-groups --no-new-privs "$@"
}
sql() {
  as_postgres psql --host=127.0.0.1 --port="$port" --dbname=postgres --no-psqlrc --quiet --command="$1"
}

as_postgres $bin/initdb --pgdata=$home/data --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
as_postgres $bin/postgres -D $home/data -p "$port" -h 127.0.0.1 -k '' \
  -c shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb \
  -c cron.database_name=postgres -c cron.host=127.0.0.1 -c fsync=off -c deadlock_timeout=50ms &
server=$!
until sql 'SELECT 1' >/dev/null 2>&1; do
  kill -0 $server
  sleep 0.1
done
sql 'CREATE EXTENSION documentdb CASCADE' 2>&1
echo ready
wait $server
