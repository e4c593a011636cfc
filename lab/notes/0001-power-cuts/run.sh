#!/bin/bash
# Makes result.tsv anew, as root on Debian 12: 60 cuts of each kind of disk. Takes half an hour on two quiet cores.
set -euo pipefail
cd "$(dirname "$0")/../../.."
lab/run PowerCut -Dlab.cuts=60 -Dlab.seed=20261126
cp lab/target/power-cuts.tsv lab/notes/0001-power-cuts/result.tsv
