#!/usr/bin/env bash
# Fuzzes one target with AFL++, guided by coverage: run-afl.sh TARGET [SECONDS] [FOLDER]
# Takes afl++ (a package of the distribution) and the tool SharpFuzz.CommandLine, which is installed into FOLDER where it is not on the path.
# FOLDER keeps the queue, so that the next run goes on there.
set -euo pipefail
cd "$(dirname "$0")"
target=${1:?"which target? cbor, car, json, ..."}
seconds=${2:-600}
work=$(realpath -m "${3:-afl}")
mkdir -p "$work"

command -v afl-fuzz >/dev/null || { echo "afl-fuzz is not installed: apt-get install afl++"; exit 2; }
sharpfuzz=$(command -v sharpfuzz || true)
if [ -z "$sharpfuzz" ]; then
  sharpfuzz=$work/tools/sharpfuzz
  [ -x "$sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tools"
fi

# A fresh copy each time: an assembly can be instrumented once only.
rm -rf "$work/program"
if [ -n "${FUZZ_PROGRAM:-}" ]; then cp -r "$FUZZ_PROGRAM" "$work/program"; else dotnet build -c Release -v q -clp:NoSummary -o "$work/program"; fi
"$sharpfuzz" "$work/program/Pds.Domain.dll"

# The program is no native one, it needs no core pattern, and AFL++ must not take a processor for itself.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_AUTORESUME=1 DOTNET_TieredCompilation=1
afl-fuzz -i "corpus/$target" -o "$work/$target" -V "$seconds" -t 10000 -m none -- dotnet "$work/program/Pds.Fuzz.dll" --afl "$target" >"$work/$target.log" 2>&1 || { tail -n 20 "$work/$target.log"; exit 1; }

stats=$work/$target/default/fuzzer_stats
value() { sed -nE "s/^$1 +: (.*)/\1/p" "$stats"; }
echo "| $(date -u '+%Y-%m-%d %H:%M') | $target | $(value run_time) s | $(value execs_done) | $(value execs_per_sec) | $(value corpus_count) | $(value bitmap_cvg) | $(value saved_crashes) | $(value saved_hangs) |"
[ "$(value saved_crashes)" = 0 ] || { echo "Inputs that broke something: $work/$target/default/crashes"; exit 1; }
