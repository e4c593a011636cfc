"""Lists the skipped tests with their reasons, repeats Maven's own totals, and ends with the sum of them all.

Arguments: a folder per run, named after it, with the log of Maven as mvn.log and the reports of Surefire and Failsafe
somewhere below. Ends with 1 if a test failed or none was run.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

passed = failed = 0
skipped = []
totals = []
for run in map(pathlib.Path, sys.argv[1:]):
    for report in sorted(run.rglob("TEST-*.xml")):
        for case in xml.parse(report).iter("testcase"):
            skip = case.find("skipped")
            if skip is not None:
                reason = skip.get("message") or skip.text or "no reason told"
                skipped.append(f"{case.get('classname')}.{case.get('name')} ({run.name}): {' '.join(reason.split())}")
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            else:
                passed += 1
    # A module's total is the line without a test's name and time.
    log = (run / "mvn.log").read_text(errors="replace")
    totals += [f"{run.name}: {line}" for line in re.findall(r"(?m)^\[\w+\] (Tests run: [^-\n]*\d) *$", log)]

print(f"\n== {len(skipped)} skipped")
print(*skipped, sep="\n")
print("\n== the totals of each module")
print(*totals, sep="\n")
print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
sys.exit(failed > 0 or passed == 0)
