#!/bin/bash
# Runs the scenario again and replaces result.tsv. About twenty minutes on two quiet cores.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ../../target/hosts-die.tsv
../../run HostsDie
cp ../../target/hosts-die.tsv result.tsv
