# Sourced: keeps the Python tools of the tests in .build/venv, at pinned versions.

# python_venv REQUIREMENTS: sets PYTHON to an interpreter that has them.
python_venv() {
    local requirements=$1 venv=.build/venv stamp
    stamp="$venv/requirements.sha256"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || fail "needs python3 3.11 or newer"
    if ! sha256sum --status --check "$stamp" 2>/dev/null; then
        python3 -m venv --clear "$venv" || fail "cannot make $venv (on Debian: apt-get install python3-venv)"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
            --requirement "$requirements" || fail "pip could not install $requirements"
        sha256sum "$requirements" >"$stamp"
    fi
    PYTHON="$venv/bin/python"
}

# gateway_binary: prints the binary to test, $AIGATEWAY_BINARY or the newer of the two builds.
gateway_binary() {
    local found=${AIGATEWAY_BINARY:-}
    if [[ -z $found ]]; then
        found=$(ls -t .build/release/aigateway .build/debug/aigateway 2>/dev/null | head -n 1) || true
    fi
    [[ -n $found && -x $found ]] || fail "no gateway binary: build it, or name it in AIGATEWAY_BINARY"
    realpath "$found"
}

# run_pytest FOLDER [ARGUMENT]...: runs the suite in FOLDER against the binary.
run_pytest() {
    local folder=$1
    shift
    AIGATEWAY_BINARY=$(gateway_binary)
    python_venv Tests/Clients/requirements.txt
    # Everything is on loopback: a proxy of the surroundings has no say.
    unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    export AIGATEWAY_BINARY PYTHONDONTWRITEBYTECODE=1
    exec "$PYTHON" -m pytest --rootdir "$folder" -c "$folder/pytest.ini" "$folder" "$@"
}
