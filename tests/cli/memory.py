"""memory.py MEGABYTES COMMAND...: the peak memory of a command that reads a
ServiceNow-shaped export of that size.

Writes the export to a temporary file, runs COMMAND with its path behind it,
and prints two numbers: the peak resident memory, in KiB, of COMMAND itself
and of the largest process that it started (VmHWM, looked at ten times a
second).  The words are drawn from a small vocabulary with a fixed seed.
"""
import os
import random
import subprocess
import sys
import tempfile
import time

WORDS = ("account reset mail printer queue profile network tunnel gateway "
         "certificate folder drive laptop dock token password policy request "
         "ticket approve install update restart service desk window button "
         "menu select enter open close sign share team calendar room badge "
         "phone code browser cache cookie page link site group role").split()


def record(rng, n):
    paragraphs = "".join(
        "&lt;p&gt;" + " ".join(rng.choice(WORDS) for _ in range(60)) +
        ".&lt;/p&gt;" for _ in range(2))
    title = " ".join(rng.choice(WORDS) for _ in range(6))
    return (f'<kb_knowledge action="INSERT_OR_UPDATE"><sys_id>{n:032x}'
            f'</sys_id><number>KB{n:08d}</number><short_description>{title}'
            f'</short_description><text>{paragraphs}</text><ownership_group '
            f'display_value="Team {n % 50}">x</ownership_group>'
            '<workflow_state>published</workflow_state><sys_updated_on>'
            f'2026-{n % 9 + 1:02d}-{n % 28 + 1:02d} 10:00:00'
            '</sys_updated_on></kb_knowledge>\n')


def write(path, size):
    rng = random.Random(7)
    bodies = [record(rng, n).split(f"{n:032x}") for n in range(500)]
    n = done = 0
    with open(path, "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<unload>\n')
        while done < size:
            a, b = bodies[n % 500]
            b = b.replace(f"KB{n % 500:08d}", f"KB{n:08d}")
            done += f.write(a + f"{n:032x}" + b)
            n += 1
        f.write("</unload>\n")


def family(pid):
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as f:
                for child in f.read().split():
                    found += family(int(child))
    except OSError:
        pass
    return found


def peak(pid):
    try:
        with open(f"/proc/{pid}/status") as f:
            for line in f:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "kb_knowledge.xml")
        write(path, int(float(sys.argv[1]) * 1e6))
        p = subprocess.Popen(sys.argv[2:] + [path],
                             stdout=subprocess.DEVNULL)
        own = others = 0
        while p.poll() is None:
            for pid in family(p.pid):
                if pid == p.pid:
                    own = max(own, peak(pid))
                else:
                    others = max(others, peak(pid))
            time.sleep(0.1)
        if p.returncode != 0:
            sys.exit(f"memory.py: exit code {p.returncode}")
        print(own, others)


main()
