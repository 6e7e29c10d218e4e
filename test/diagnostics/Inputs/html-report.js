const text = id => document.getElementById(id).textContent;
const rows = [...document.querySelectorAll("#table tbody tr")];
say(`rows: ${rows.map(r => [...r.cells].slice(0, 3).map(c => c.textContent).join("/")).join(", ")}`);

// The first program that is refused is shown, at the end of its way.
say(`message: ${document.querySelector(".message").textContent}`);
say(`wrong: ${document.querySelector("#code tr.wrong .text").textContent.trim()}`);
say(`end: ${document.querySelector(".buttons .at").textContent}`);
say(`forward: ${document.getElementById("forward").disabled}`);
say(`log: ${text("log")}`);

// Step by step from the start on.
document.getElementById("first").click();
say(`start: ${document.querySelector(".buttons .at").textContent}`);
while (!document.getElementById("forward").disabled) {
  const line = document.querySelector("#code tr.here .text").textContent.trim();
  const variables = [...document.querySelectorAll("#variables tr")].map(
    r => [...r.cells].map(c => c.textContent).join(" is "));
  say(`at: ${line} {${variables.join("; ")}}`);
  document.getElementById("forward").click();
}
document.getElementById("single").click();
say(`single: ${document.querySelector(".buttons .at").textContent}`);
document.dispatchEvent(new KeyboardEvent("keydown", {key: "Home"}));
say(`home: ${document.querySelector(".buttons .at").textContent}`);

// Where the steps are.
const steps = [...document.querySelectorAll("#code tr[data-line]")].find(
  r => r.textContent.includes("bpf_map_lookup_elem"));
say(`steps: ${steps.querySelector(".steps").textContent}`);

// An accepted program has no way.
rows[1].click();
say(`accepted: ${document.querySelector(".message").textContent}`);
const loop = [...document.querySelectorAll("#code tr[data-line]")].find(r => r.textContent.includes("i < 100"));
say(`loop: ${+loop.querySelector(".steps").textContent >= 100}`);

// Text of the program is text.
say(`markup: ${document.querySelectorAll("b#evil, img").length}`);
say(`shown: ${[...document.querySelectorAll("#code .text")].some(t => t.textContent.includes("</script><b id=evil>"))}`);

const before = getComputedStyle(document.body).backgroundColor;
document.getElementById("theme").click();
say(`theme: ${before !== getComputedStyle(document.body).backgroundColor}`);
