"""The variables of determinism.c, read by --clock=real, are at most a minute
before this machine's clocks."""
import json
import sys
import time

CLOCKS = {"monotonic": time.CLOCK_MONOTONIC, "boottime": time.CLOCK_BOOTTIME,
          "tai": time.CLOCK_TAI}

with open(sys.argv[1]) as file:
    maps = json.load(file)["maps"]
values = {e["name"]: int(e["value"])
          for m in maps if m["name"] == ".bss" for e in m["elements"]}
for name, clock in CLOCKS.items():
    age = time.clock_gettime_ns(clock) - values[name]
    if not 0 <= age < 60e9:
        sys.exit(f"{name}: {values[name]} is {age} ns before now")
