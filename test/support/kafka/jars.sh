#!/usr/bin/env bash
# Prints the folder with the jars of Kafka's broker and tools; brings them there by Maven, once.
set -euo pipefail
cd "$(dirname "$0")"
version=$(sed -n 's/^ *<version>\([0-9.]*\.[0-9]*\)<.*/\1/p' pom.xml | head -1)
folder="$(cd ../../.. && pwd)/.cache/kafka-$version"
if [ ! -d "$folder" ]; then
  command -v java > /dev/null || { echo 'Java 17 or newer is not here' >&2; exit 3; }
  command -v mvn > /dev/null || { echo 'Maven is not here' >&2; exit 3; }
  mkdir -p "$folder/.."
  part=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$part"' EXIT
  mvn -q -B -f pom.xml dependency:copy-dependencies -DoutputDirectory="$part" >&2
  mv -T "$part" "$folder" 2> /dev/null || [ -d "$folder" ]
fi
echo "$folder"
