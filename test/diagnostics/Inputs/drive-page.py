"""Opens a page in headless Chromium, runs a script in it, and prints what that says.

usage: drive-page.py PAGE SCRIPT.js

The script calls say(text). Status 1 if the page or the script writes to the console, as
errors and refused requests do.
"""
import html
import re
import subprocess
import sys
import tempfile

PROLOGUE = """
const said = [];
const say = text => said.push(String(text));
try {
"""
EPILOGUE = """
} catch (e) { console.error(e.stack); }
const result = document.createElement("pre");
result.id = "said";
result.textContent = said.join("\\n");
document.body.append(result);
"""


def main():
    page = open(sys.argv[1]).read()
    script = open(sys.argv[2]).read().replace("</", "<\\/")
    with tempfile.TemporaryDirectory() as folder:
        copy = folder + "/page.html"
        with open(copy, "w") as out:
            out.write(page.replace("</body>", f"<script>{PROLOGUE}{script}{EPILOGUE}</script></body>"))
        r = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                            "--enable-logging=stderr", "--window-size=1280,900",
                            f"--user-data-dir={folder}/profile", "file://" + copy],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    said = re.search(r'<pre id="said">(.*?)</pre>', r.stdout, re.S)
    if said:
        print(html.unescape(said[1]))
    errors = [line for line in r.stderr.splitlines() if "CONSOLE" in line]
    print("\n".join(errors), file=sys.stderr)
    return 0 if said and not errors else 1


sys.exit(main())
