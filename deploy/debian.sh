#!/usr/bin/env bash
# Makes sure that Debian packages are there: deploy/debian.sh PACKAGE...
#
# As root it installs what is missing. Otherwise it needs to be told how, such as APT="sudo apt-get";
# where it may not install, it says what is missing and fails, because a skipped check is no check.
set -euo pipefail

missing=()
for package in "$@"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ -z "${APT:-}" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Missing Debian packages: ${missing[*]}." >&2
    echo "Install them (sudo apt-get install ${missing[*]}), or run make with APT='sudo apt-get'." >&2
    exit 1
  fi
  APT="apt-get"
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # APT may be two words
{ $APT update --quiet && $APT install --quiet --yes --no-install-recommends "${missing[@]}"; } >&2
