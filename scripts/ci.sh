#!/usr/bin/env bash
# Installs lavapipe, Mesa's Vulkan driver for the CPU, on a Debian or Ubuntu machine where we are root.
# Debian 12's own is too old for Dawn, so there it comes from backports, whose source is derived from the
# machine's own sources. Nothing here is needed: without lavapipe the tests run on the SwiftShader that npm
# installs. So every failure is one printed line, and the exit status is 0.
set -uo pipefail

say() { echo "ci: $*"; }
skip() { say "$*; the tests use SwiftShader from npm instead"; exit 0; }

apt=(apt-get -q -y -o Acquire::Retries=2 -o DPkg::Lock::Timeout=60 -o Dpkg::Use-Pty=0)
sources=/etc/apt/sources.list.d

recent() { # is lavapipe there, of Mesa 23 or later?
  local version
  version=$(dpkg-query -W -f '${db:Status-Status} ${Version}' mesa-vulkan-drivers 2>/dev/null) || return
  [ "${version% *}" = installed ] && dpkg --compare-versions "${version#* }" ge 23
}

deb822() { # the first stanza for suite $1 with component main, as a stanza for suite $2
  awk -v RS= -v from="$1" -v to="$2" '
    {
      found = main = off = 0
      count = split($0, lines, "\n")
      stanza = ""
      for (i = 1; i <= count; i++) {
        line = lines[i]
        if (line ~ /^#/) continue
        words = split(line, word, " ")
        key = tolower(word[1])
        for (w = 2; w <= words; w++) {
          if (key == "suites:" && word[w] == from) found = 1
          if (key == "components:" && word[w] == "main") main = 1
          if (key == "enabled:" && word[w] == "no") off = 1
        }
        if (key == "suites:") line = "Suites: " to
        if (key == "components:") line = "Components: main"
        stanza = stanza line "\n"
      }
      if (found && main && !off) { printf "%s", stanza; exit }
    }' "${@:3}"
}

one_line() { # the first line for suite $1 with component main, as a line for suite $2
  awk -v from="$1" -v to="$2" '
    $1 == "deb" {
      options = match($0, /\[[^]]*\]/) ? " " substr($0, RSTART, RLENGTH) : ""
      sub(/\[[^]]*\]/, "")
      for (i = 4; i <= NF; i++) if ($3 == from && $i == "main") { print "deb" options, $2, to, "main"; exit }
    }' "${@:3}"
}

add_backports() { # a source for suite $1-backports, unless the machine has one
  local files=() text
  mapfile -t files < <(find /etc/apt/sources.list "$sources" -name '*.list' -o -name '*.sources' 2>/dev/null)
  grep -qsE "^[^#]*\b$1-backports\b" "${files[@]}" && return
  for file in "${files[@]}"; do
    case $file in
      *.sources) text=$(deb822 "$1" "$1-backports" "$file") ;;
      *) text=$(one_line "$1" "$1-backports" "$file") ;;
    esac
    [ -n "$text" ] || continue
    say "backports as in $file"
    echo "$text" >"$sources/seeclear-backports.${file##*.}"
    return
  done
  return 1
}

command -v apt-get >/dev/null || skip 'no apt here'
recent && { say 'lavapipe is installed'; exit 0; }
[ "$(id -u)" = 0 ] || skip 'not root'

# shellcheck source=/dev/null
. /etc/os-release
from=()
if [ "${ID:-}" = debian ] && [ "${VERSION_CODENAME:-}" = bookworm ]; then
  add_backports bookworm || skip 'no source of bookworm to derive backports from'
  from=(-t bookworm-backports)
fi

export DEBIAN_FRONTEND=noninteractive
"${apt[@]}" update >/dev/null || say 'apt-get update failed, at least in part'
"${apt[@]}" install --no-install-recommends "${from[@]}" mesa-vulkan-drivers libvulkan1 >/dev/null ||
  say 'apt-get install failed'
rm -f "$sources"/seeclear-backports.*
recent || skip 'no lavapipe of Mesa 23 or later to be had'
say "lavapipe of Mesa $(dpkg-query -W -f '${Version}' mesa-vulkan-drivers) is installed"
