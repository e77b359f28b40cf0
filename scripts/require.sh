# Sourced by the project's scripts: clear words when something is missing.

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# require_tools WHAT TOOL HINT [TOOL HINT]...: names every missing tool at once.
require_tools() {
    local what=$1 missing=0
    shift
    while (($# >= 2)); do
        # Debian keeps servers in /usr/sbin, which is not on every user's PATH.
        if ! PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null; then
            printf '%s needs %s (on Debian: %s)\n' "$what" "$1" "$2" >&2
            missing=1
        fi
        shift 2
    done
    ((missing == 0)) || exit 1
    PATH="$PATH:/usr/sbin"
}

# first_tool NAME...: prints the first one that exists.
first_tool() {
    local name
    for name in "$@"; do
        if command -v "$name"; then return 0; fi
    done
    return 1
}

# is_installed PACKAGE: whether Debian's package is there.
is_installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}
